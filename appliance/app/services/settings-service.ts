// SPDX-License-Identifier: AGPL-3.0-only
import { z } from "zod";
import type { Audit } from "../../gateway/audit/index.ts";
import type { Settings as SettingsStore } from "../../gateway/settings/index.ts";
import type { ApiServices, Settings } from "../../lan/http-api/index.ts";
import type { Storage } from "../../ops/storage/index.ts";

const boxSettingsSchema = z.object({
  boxName: z.string(),
  language: z.enum(["en", "zh"]),
  allowedHosts: z.array(z.string()),
});
const key = "box";
const defaults: Settings = { boxName: "Hearth", language: "en", allowedHosts: [] };

/** What the owner has set for the box; a change is written to the audit log in the same transaction. */
export function createSettingsService(
  store: SettingsStore,
  audit: Pick<Audit, "append">,
  storage: Pick<Storage, "transaction">,
): Omit<ApiServices["settings"], "read"> & { read(): Settings } {
  const read = (): Settings => ({ ...defaults, ...store.get(key, boxSettingsSchema) });
  return {
    read,
    update(request, actor) {
      const given = Object.fromEntries(Object.entries(request).filter(([, value]) => value !== undefined));
      return storage.transaction(() => {
        audit.append({ actor, action: "settings-changed", target: "", details: { names: Object.keys(given) } });
        const settings = { ...read(), ...given };
        store.set(key, settings);
        return settings;
      });
    },
  };
}
