// SPDX-License-Identifier: AGPL-3.0-only
import { startBuiltinEngine } from "./builtin-fixture.ts";
import { describeEngine } from "./engine-suite.ts";

describeEngine("built-in llama.cpp child", () => startBuiltinEngine());
