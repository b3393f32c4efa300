// The reference stack as a CDK app of its own, for `cdk synth` through tsx: the same constructs, CDK's defaults.
import { App, Stack } from "aws-cdk-lib";

import { loadSettings } from "../src/cli/config/load-settings.ts";
import { buildFunction } from "../src/synth/build-function.ts";
import { fillStack } from "../src/synth/synthesize.ts";

const app = new App();
const { settings, projectDir } = await loadSettings({ cwd: process.cwd(), env: {} });
const assets = await Promise.all(
  Object.entries(settings.functions).map(([name, one]) =>
    buildFunction(name, one, projectDir, app.outdir),
  ),
);
await fillStack(new Stack(app, "lmi-hello"), settings, assets);
app.synth();
