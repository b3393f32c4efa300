/**
 * Where lmi is installed: two folders up from src/cli, and as far from dist/cli and from the bundle in dist/bundle.
 * Nothing that lies deeper may count the folders itself.
 */
export const packageRoot = new URL("../../", import.meta.url);
