// SPDX-License-Identifier: AGPL-3.0-only
import type { PersonId } from "../../../shared/ids/index.ts";
import type * as api from "./api-types.ts";
import type { CallerPerson } from "./caller.ts";

// What HTTP needs of the rest of the box, one narrow interface a subject. The composition root adapts the real modules
// to them. Calls that change something get the `actor` for the audit log, which the service writes before the effect.
// What does not exist is a HearthError with a code that ends in `-not-found` (404); `-taken` or `-exists` is a 409,
// `invalid-…` a 400, `…-forbidden` a 403 (see api-error.ts).

type Awaitable<Value> = Value | Promise<Value>;

/** A key that was recognised. */
export interface AuthenticatedKey {
  readonly id: string;
  readonly person: CallerPerson;
  readonly scopes: readonly api.KeyScope[];
  readonly expiresMs: number | null;
}

export interface ApiKeyService {
  /** Null: unknown, expired, revoked, or its person is blocked. */
  authenticate(key: string): Awaitable<AuthenticatedKey | null>;
  list(): Awaitable<readonly api.ApiKey[]>;
  create(
    request: { name: string; scopes: readonly api.KeyScope[]; personId: PersonId; expiresMs: number | null },
    actor: string,
  ): Awaitable<api.CreatedApiKey>;
  remove(id: string, actor: string): Awaitable<void>;
  /** Counts one call of a tenant of `/v1` against its limit. */
  takeFromLimit(
    tenant: string,
  ): { readonly isAllowed: true } | { readonly isAllowed: false; readonly retryAfterMs: number };
}

export interface ConsoleSessionService {
  /** Uses up a one-time sign-in token and begins a session. `sessionToken`: 16 to 256 characters of [A-Za-z0-9_-]. */
  redeem(linkToken: string): Awaitable<
    | {
        readonly isAllowed: true;
        readonly sessionToken: string;
        readonly person: CallerPerson;
        readonly expiresMs: number;
      }
    | { readonly isAllowed: false; readonly reason: "unknown" | "expired" | "used" }
  >;
  find(sessionToken: string): Awaitable<{ readonly person: CallerPerson; readonly expiresMs: number } | null>;
  end(sessionToken: string): Awaitable<void>;
  /** Ends every session of a person, and their links that nobody has used. */
  endAll(personId: PersonId, actor: string): Awaitable<void>;
  createLink(personId: PersonId, actor: string): Awaitable<{ readonly token: string; readonly expiresMs: number }>;
}

export interface PeopleService {
  /** The owner of the box (made with it), for whom the control socket acts. */
  owner(): Awaitable<CallerPerson>;
  list(): Awaitable<readonly api.Person[]>;
  get(id: string): Awaitable<api.Person>;
  create(request: api.NewPerson, actor: string): Awaitable<api.Person>;
  update(id: string, request: api.UpdatePersonRequest, actor: string): Awaitable<api.Person>;
  /** Destroys the person's key, too. Refuses the last owner. */
  remove(id: string, actor: string): Awaitable<void>;
}

export interface PairingService {
  list(): Awaitable<readonly api.Pairing[]>;
  /** @throws HearthError `pairing-not-found` or `pairing-expired`. */
  approve(request: api.PairingApproval, actor: string): Awaitable<api.Person>;
  deny(request: api.PairingDenial, actor: string): Awaitable<void>;
}

export interface AuditService {
  list(page: { after?: string | undefined; limit: number }): Awaitable<api.AuditList>;
  verify(): Awaitable<api.AuditVerification>;
}

export interface DecisionService {
  /** The latest first. */
  list(limit: number): Awaitable<readonly api.Decision[]>;
}

export interface ChannelService {
  list(): Awaitable<readonly api.Channel[]>;
  kinds(): Awaitable<readonly api.ChannelKind[]>;
  create(request: api.NewChannel, actor: string): Awaitable<api.Channel>;
  update(name: string, request: api.UpdateChannelRequest, actor: string): Awaitable<api.Channel>;
  remove(name: string, actor: string): Awaitable<void>;
  restart(name: string, actor: string): Awaitable<api.Channel>;
}

export interface QueueService {
  read(): Awaitable<api.Queues>;
  retryDead(id: string, actor: string): Awaitable<void>;
}

export interface ModelService {
  list(): Awaitable<readonly api.Model[]>;
  /** An id, or the path of a local GGUF. */
  use(model: string, actor: string): Awaitable<api.Model>;
  inspect(model: string): Awaitable<api.ModelInspection>;
  remove(id: string, actor: string): Awaitable<void>;
}

export interface KnowledgeService {
  list(): Awaitable<readonly api.KnowledgeSource[]>;
  add(request: api.AddKnowledgeRequest, actor: string): Awaitable<api.AddedKnowledge>;
  remove(id: string, actor: string): Awaitable<void>;
  search(query: string, limit: number): Awaitable<api.KnowledgeSearch["passages"]>;
}

export interface ConversationService {
  /** Of one person, or of everybody. */
  list(page: { after?: string | undefined; limit: number; personId?: string }): Awaitable<api.ConversationList>;
  get(id: string, page: { after?: string | undefined; limit: number }): Awaitable<api.ConversationDetail>;
}

export interface SettingsService {
  read(): Awaitable<api.Settings>;
  update(request: api.UpdateSettingsRequest, actor: string): Awaitable<api.Settings>;
}

export interface ActivityService {
  read(): api.Activity;
  /** Calls back with each new point until the returned function is called. */
  subscribe(listener: (point: api.ActivityPoint) => void): () => void;
}

export interface ChatService {
  /** Ends every web-chat connection of a person; a browser that is still signed in comes back by itself. */
  disconnect(person: PersonId): void;
}

/** Everything that `/api` and the pages beside it stand on. */
export interface ApiServices {
  readonly people: PeopleService;
  readonly pairing: PairingService;
  readonly apiKeys: ApiKeyService;
  readonly sessions: ConsoleSessionService;
  readonly audit: AuditService;
  readonly decisions: DecisionService;
  readonly channels: ChannelService;
  readonly queues: QueueService;
  readonly models: ModelService;
  readonly knowledge: KnowledgeService;
  readonly conversations: ConversationService;
  readonly settings: SettingsService;
  readonly activity: ActivityService;
  readonly status: { read(): Awaitable<api.Status> };
  readonly doctor: { run(signal: AbortSignal): Promise<api.DoctorReport> };
  readonly logs: { read(after: number, limit: number): Awaitable<api.LogList> };
  /** Whether a turn can be answered now, for `/readyz`. */
  readonly readiness: { read(): { readonly isReady: true } | { readonly isReady: false; readonly problem: string } };
  /** The model that answers now, for whoever is signed in; null while none is loaded. */
  readonly currentModel?: () => { readonly id: string; readonly isGuide: boolean } | null;
  readonly chats: ChatService;
  /** OpenMetrics text. */
  readonly metrics: { readonly contentType: string; render(): Promise<string> };
}
