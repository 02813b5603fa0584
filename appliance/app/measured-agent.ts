// SPDX-License-Identifier: AGPL-3.0-only
import type { Agent } from "../agent/turns/index.ts";
import type { Metrics } from "../ops/metrics/index.ts";

/** The same agent, each turn of which is measured on its way. */
export function measuredAgent(agent: Agent, metrics: Pick<Metrics, "observeTurn">): Agent {
  return {
    startTurn(request, signal) {
      const turn = agent.startTurn(request, signal);
      return {
        turnId: turn.turnId,
        sessionId: turn.sessionId,
        events: metrics.observeTurn(turn.events),
        commit: (ended) => turn.commit(ended),
      };
    },
    isImmediateCommand: (text) => agent.isImmediateCommand(text),
  };
}
