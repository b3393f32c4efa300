/** File descriptor of the pipe whose end tells an environment that the target is gone. */
export const lifelineDescriptor = 3;
