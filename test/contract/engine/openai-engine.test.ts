// SPDX-License-Identifier: AGPL-3.0-only
import { createOpenAiEngine } from "../../../appliance/inference/backends/index.ts";
import { systemClock } from "../../../shared/clock/index.ts";
import { silentLogger } from "../../../shared/logging/index.ts";
import { startBuiltinEngine } from "./builtin-fixture.ts";
import { describeEngine } from "./engine-suite.ts";
import { serveOpenAi } from "./openai-server.ts";

describeEngine("OpenAI-compatible server", async () => {
  const builtin = await startBuiltinEngine();
  const server = serveOpenAi(builtin.engine);
  const engine = createOpenAiEngine({ clock: systemClock, logger: silentLogger }, { baseUrl: server.baseUrl });
  await engine.start(new AbortController().signal);
  return {
    engine,
    async stop() {
      await engine.stop();
      await server.stop();
      await builtin.stop();
    },
  };
});
