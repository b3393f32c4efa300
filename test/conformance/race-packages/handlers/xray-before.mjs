import xray from "xray-before";

export const handler = async (event) => {
  const segment = xray.getSegment();
  return { path: event.rawPath, traced: segment !== undefined };
};
