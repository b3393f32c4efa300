/** File descriptor of the pipe whose end tells an environment that the target is gone. */
export const lifelineDescriptor = 3;
/** Names of the folders that are an environment's /tmp begin so. */
export const environmentTmpPrefix = "lmi-environment-";
