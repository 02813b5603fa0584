// SPDX-License-Identifier: AGPL-3.0-only
import type { Command } from "commander";
import { HearthError } from "../../../../shared/errors/index.ts";
import type { DoctorReport } from "../../../lan/http-api/index.ts";
import type { CommandRunner } from "../command-runner.ts";

const marks = { ok: "✓", warn: "!", fail: "✗" } as const;

/** `hearth doctor`. */
export function addDoctorCommand(program: Command, runner: CommandRunner): void {
  const doctor = program
    .command("doctor")
    .description("check the box: what is wrong, why, and what to do")
    .option("--lang <language>", "en or zh", "en");
  runner.attach(doctor, async (context, options: { lang: string }) => {
    const language = languageOf(options.lang);
    const report = await (await context.box()).call<DoctorReport>("GET", "/api/doctor");
    const text = report.checks
      .map((check) => {
        const more = [check.why, check.fix]
          .flatMap((part) => (part === undefined ? [] : [`    ${part[language]}\n`]))
          .join("");
        return `${marks[check.status]} ${check.what[language]}\n${more}`;
      })
      .join("");
    return { json: report, text, exitCode: report.status === "fail" ? 1 : 0 };
  });
}

function languageOf(text: string): "en" | "zh" {
  if (text === "en" || text === "zh") return text;
  throw new HearthError({
    code: "option-invalid",
    message: `--lang is "${text}", which is not a language of Hearth`,
    remedy: "Write --lang en or --lang zh.",
  });
}
