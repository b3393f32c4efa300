import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    exclude: ["test/conformance/**"],
    // Tests wait for processes of theirs more than they compute: with vitest's one worker less than there are CPUs, two
    // CPUs are half idle.
    maxWorkers: "100%",
    restoreMocks: true,
    unstubEnvs: true,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // Tests never see the developer's own AWS account or settings.
    env: {
      AWS_ACCESS_KEY_ID: "test",
      AWS_SECRET_ACCESS_KEY: "test",
      AWS_EC2_METADATA_DISABLED: "true",
      AWS_CONFIG_FILE: "/dev/null",
      AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
      CDK_VALIDATION: "false",
      NO_COLOR: "1",
    },
  },
});
