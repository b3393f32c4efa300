import { expect, test } from "vitest";

import { assertOwnAssets } from "../../../src/cli/commands/eject/assert-own-assets.ts";
import { temporaryFolder } from "../../helpers/temporary-folder.ts";

const built = {
  name: "fn",
  assetPath: "",
  assetHash: "aa",
  handler: "",
  hasSourceMap: false,
  zipSize: 1,
  unpackedSize: 1,
};
const own = {
  aa: { source: { path: "../code.zip" } },
  bb: { source: { path: "lmi-hello.template.json" } },
};

const check = async (manifest: object) =>
  assertOwnAssets({
    assemblyDirectory: await temporaryFolder({
      "lmi-hello.assets.json": JSON.stringify(manifest),
    }),
    stackName: "lmi-hello",
    functions: [built],
  });

test("the functions' code and the template are the stack's own", async () => {
  await expect(check({ files: own, dockerImages: {} })).resolves.toBeUndefined();
});

test.each([
  [{ files: { ...own, cc: { source: { path: "asset.cc" } } } }, "asset.cc"],
  [{ files: own, dockerImages: { dd: {} } }, "dd"],
])("anything else that is uploaded is refused by name", async (manifest, name) => {
  await expect(check(manifest)).rejects.toMatchObject({
    code: "LMI_EJECT_UNSUPPORTED",
    exitCode: 2,
    details: { assets: [name] },
  });
});
