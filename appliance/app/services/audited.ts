// SPDX-License-Identifier: AGPL-3.0-only
import { toHearthError } from "../../../shared/errors/index.ts";
import type { Audit, AuditEvent } from "../../gateway/audit/index.ts";

/**
 * Does something that is written to the audit log before it is begun, as the log demands; when it fails, that is written
 * too, so that an attempt never reads like a deed.
 */
export async function audited<Result>(
  audit: Pick<Audit, "append">,
  event: AuditEvent,
  work: () => Result | Promise<Result>,
): Promise<Result> {
  audit.append(event);
  try {
    return await work();
  } catch (thrown) {
    audit.append({ ...event, action: `${event.action}-failed`, details: { code: toHearthError(thrown).code } });
    throw thrown;
  }
}
