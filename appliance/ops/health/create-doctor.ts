// SPDX-License-Identifier: AGPL-3.0-only
import type { Clock } from "../../../shared/clock/index.ts";
import { toHearthError } from "../../../shared/errors/index.ts";
import type { Doctor, DoctorCheck, DoctorFinding, DoctorReport, DoctorResult } from "./doctor-types.ts";

const checkTimeoutMs = 10_000;

/** A doctor who runs the checks at once and lists what they found in the given order. */
export function createDoctor(checks: readonly DoctorCheck[], { clock }: { readonly clock: Clock }): Doctor {
  return {
    async run(signal) {
      const results = await Promise.all(checks.map((check) => runCheck(check, clock, signal)));
      return { status: worstOf(results), checks: results };
    },
  };
}

async function runCheck(check: DoctorCheck, clock: Clock, signal: AbortSignal): Promise<DoctorResult> {
  const end = new AbortController();
  const combined = AbortSignal.any([signal, end.signal]);
  const timeout = clock.sleep(checkTimeoutMs, combined).then(() => notDone(check.id));
  try {
    // A promise even when the check throws at once.
    const finding = Promise.resolve().then(() => check.run(combined));
    return { id: check.id, ...(await Promise.race([finding, timeout])) };
  } catch (thrown) {
    return { id: check.id, ...notPossible(check.id, toHearthError(thrown).code) };
  } finally {
    end.abort();
  }
}

function worstOf(results: readonly DoctorFinding[]): DoctorReport["status"] {
  if (results.some(({ status }) => status === "fail")) return "fail";
  return results.some(({ status }) => status === "warn") ? "warn" : "ok";
}

function notDone(id: string): DoctorFinding {
  return {
    status: "warn",
    what: { en: `The check '${id}' did not finish.`, zh: `检查“${id}”没有完成。` },
    why: { en: "The box is very busy, or something hangs.", zh: "设备非常繁忙，或者有部分卡住了。" },
    fix: {
      en: "Run 'hearth doctor' again; if it stays so, restart the box.",
      zh: "再次运行 hearth doctor；如果仍然如此，请重启设备。",
    },
  };
}

function notPossible(id: string, code: string): DoctorFinding {
  return {
    status: "fail",
    what: { en: `The check '${id}' could not be made (${code}).`, zh: `无法进行检查“${id}”（${code}）。` },
    why: { en: "What it looks at could not be read.", zh: "无法读取它要检查的内容。" },
    fix: { en: "Look at 'hearth logs' for this code.", zh: "请在 hearth logs 中查找此代码。" },
  };
}
