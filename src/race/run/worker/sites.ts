/** The site of a handler's beginning; those that instrumentation numbers begin with 0. */
export const beginning = -1;
