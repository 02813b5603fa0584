// SPDX-License-Identifier: AGPL-3.0-only
import { systemClock } from "../../shared/clock/index.ts";
import type { PersonId } from "../../shared/ids/index.ts";
import type { Logger } from "../../shared/logging/index.ts";
import { type Conversations, createConversations } from "../agent/sessions/index.ts";
import { createGateway, type Gateway } from "../gateway/access-control/index.ts";
import { type ApiKeys, createApiKeys } from "../gateway/api-keys/index.ts";
import { type Audit, createAudit } from "../gateway/audit/index.ts";
import { openVault, type Vault } from "../gateway/encryption/index.ts";
import { createRateLimiter, type RateLimiter } from "../gateway/rate-limit/index.ts";
import { createSettings, type Settings } from "../gateway/settings/index.ts";
import { createSignIn, type SignIn } from "../gateway/sign-in/index.ts";
import { acquireDataLock, openStorage, type Storage } from "../ops/storage/index.ts";
import type { AppConfig } from "./config.ts";
import { type DataFolder, prepareDataFolder } from "./data-folder.ts";

/** The data folder, opened under its lock, with everything that guards it. */
export interface OpenData extends Disposable {
  readonly folder: DataFolder;
  readonly storage: Storage;
  readonly vault: Vault;
  readonly audit: Audit;
  readonly limiter: RateLimiter;
  readonly gateway: Gateway;
  readonly conversations: Conversations;
  readonly apiKeys: ApiKeys;
  readonly signIn: SignIn;
  readonly settings: Settings;
  readonly ownerId: PersonId;
}

/**
 * Opens the data folder: makes it at the first time, takes its lock, checks and migrates the database, unlocks the vault.
 * @throws HearthError `data-folder-in-use`, `database-corrupt`, `master-key-…` and others, each with a way out.
 */
export function openData(config: AppConfig, folder: DataFolder, logger: Logger): OpenData {
  prepareDataFolder(folder);
  const lock = acquireDataLock(folder.home);
  if (!lock.isAcquired) throw lock.error;
  const held: Disposable[] = [lock.lock];
  const dispose = (): void => {
    for (let resource = held.pop(); resource !== undefined; resource = held.pop()) resource[Symbol.dispose]();
  };
  try {
    const storage = openStorage({ path: folder.database });
    held.push(storage);
    const vault = openVault({
      home: folder.home,
      storage,
      ...(config.passphrase === undefined ? {} : { passphrase: config.passphrase }),
    });
    held.push(vault);
    const clock = systemClock;
    const nowMs = (): number => clock.now();
    const audit = createAudit({ storage, vault, nowMs });
    const limiter = createRateLimiter(clock);
    const conversations = createConversations({ storage, vault, clock });
    const gateway = createGateway({
      storage,
      vault,
      audit,
      limiter,
      clock,
      logger: logger.child("gateway"),
      erase: (person) => conversations.erase(person),
    });
    held.push(gateway);
    return {
      folder,
      storage,
      vault,
      audit,
      limiter,
      gateway,
      conversations,
      apiKeys: createApiKeys({ storage, vault, audit, clock, logger: logger.child("api-keys") }),
      signIn: createSignIn({ storage, vault, audit, clock, logger: logger.child("sign-in") }),
      settings: createSettings({ storage, vault, nowMs }),
      ownerId: gateway.people.ensureOwner(),
      [Symbol.dispose]: dispose,
    };
  } catch (thrown) {
    dispose();
    throw thrown;
  }
}
