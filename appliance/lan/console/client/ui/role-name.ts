// SPDX-License-Identifier: AGPL-3.0-only
import type { Session } from "../../../http-api/index.ts";
import type { commonTexts } from "../i18n/common-texts.ts";

/** What a role is called. */
export function roleName(texts: (typeof commonTexts)["en"], role: Session["person"]["role"]): string {
  return {
    owner: texts.roleOwner,
    operator: texts.roleOperator,
    member: texts.roleMember,
    guest: texts.roleGuest,
  }[role];
}
