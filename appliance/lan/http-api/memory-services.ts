// SPDX-License-Identifier: AGPL-3.0-only

import { HearthError } from "../../../shared/errors/index.ts";
import type { PersonId } from "../../../shared/ids/index.ts";
import type { ApiServices } from "./api-services.ts";
import type { ApiKey, Channel, KeyScope, KnowledgeSource, Model, Person, Settings } from "./api-types.ts";
import type { CallerPerson } from "./caller.ts";

/** Services in memory, for tests of what stands on them. */
export interface MemoryServices extends ApiServices {
  /** Keys that are recognised: text → who. */
  readonly knownKeys: Map<string, { id: string; person: CallerPerson; scopes: readonly KeyScope[] }>;
  /** Sessions that are open: token → who. */
  readonly openSessions: Map<string, CallerPerson>;
  /** Sign-in tokens not used yet. */
  readonly links: Map<string, CallerPerson>;
  readonly persons: Readonly<Record<CallerPerson["role"], CallerPerson>>;
  /** What was written, in order: `actor action target`. */
  readonly written: string[];
}

export const ownerPerson: CallerPerson = { id: "per_owner" as PersonId, name: "Olga", role: "owner" };
export const operatorPerson: CallerPerson = { id: "per_operator" as PersonId, name: "Otto", role: "operator" };
export const memberPerson: CallerPerson = { id: "per_member" as PersonId, name: "Mia", role: "member" };
export const guestPerson: CallerPerson = { id: "per_guest" as PersonId, name: "Gus", role: "guest" };

const startMs = 1_767_225_600_000;

function toPerson({ id, name, role }: CallerPerson): Person {
  return { id, name, role, isBlocked: false, createdMs: startMs, lastSeenMs: null, identities: [] };
}

function toKey({ id, role }: CallerPerson): ApiKey {
  const key = { id: `key_${role}`, name: `of the ${role}`, scopes: ["agent" as const], personId: id };
  return { ...key, createdMs: startMs, expiresMs: null, lastUsedMs: null };
}

function notFound(what: string, id: string): HearthError {
  return new HearthError({ code: `${what}-not-found`, message: `there is no ${what} '${id}'` });
}

/** Finds by a predicate or says `<what>-not-found`. */
function find<Item>(items: readonly Item[], what: string, id: string, isIt: (item: Item) => boolean): Item {
  const item = items.find(isIt);
  if (item === undefined) throw notFound(what, id);
  return item;
}

/** {@link MemoryServices} with somebody of each role, and a key of each but the guest. */
export function memoryServices(): MemoryServices {
  const knownKeys: MemoryServices["knownKeys"] = new Map();
  const openSessions: MemoryServices["openSessions"] = new Map();
  const links: MemoryServices["links"] = new Map();
  const written: string[] = [];
  const note = (actor: string, action: string, target: string): void =>
    void written.push(`${actor} ${action} ${target}`);
  return {
    knownKeys,
    openSessions,
    links,
    persons: { owner: ownerPerson, operator: operatorPerson, member: memberPerson, guest: guestPerson },
    written,
    chats: { disconnect: (person) => note("chats", "disconnected", person) },
    ...peopleServices(note),
    ...accessServices(knownKeys, openSessions, links, note),
    ...channelServices(note),
    ...contentServices(note),
    ...observationServices(),
  };
}

type Note = (actor: string, action: string, target: string) => void;

function peopleServices(note: Note): Pick<ApiServices, "people" | "pairing"> {
  let people = [ownerPerson, operatorPerson, memberPerson, guestPerson].map(toPerson);
  return {
    people: {
      owner: () => ownerPerson,
      list: () => people,
      get: (id) => find(people, "person", id, (person) => person.id === id),
      create(request, actor) {
        const person: Person = { ...toPerson(memberPerson), ...request, id: `per_${people.length}` };
        note(actor, "person-created", person.id);
        people = [...people, person];
        return person;
      },
      update(id, request, actor) {
        const person = find(people, "person", id, (candidate) => candidate.id === id);
        note(actor, "person-updated", id);
        const { name = person.name, role = person.role, isBlocked = person.isBlocked } = request;
        const updated = { ...person, name, role, isBlocked };
        people = people.map((other) => (other.id === id ? updated : other));
        return updated;
      },
      remove(id, actor) {
        find(people, "person", id, (person) => person.id === id);
        note(actor, "person-removed", id);
        people = people.filter((person) => person.id !== id);
      },
    },
    pairing: {
      list: () => [
        {
          id: "pai_1",
          channel: "xmpp",
          address: "sam@example.org",
          requestedMs: startMs,
          expiresMs: startMs + 3_600_000,
        },
      ],
      approve({ code, role, name }, actor) {
        if (code !== "ABCD2345") throw notFound("pairing", "(a code)");
        note(actor, "pairing-approved", role);
        return { ...toPerson(memberPerson), id: "per_paired", role, name: name ?? "Sam" };
      },
      deny: (request, actor) => note(actor, "pairing-denied", "id" in request ? request.id : "by code"),
    },
  };
}

function accessServices(
  knownKeys: MemoryServices["knownKeys"],
  openSessions: MemoryServices["openSessions"],
  links: MemoryServices["links"],
  note: Note,
): Pick<ApiServices, "apiKeys" | "sessions"> {
  return {
    apiKeys: {
      authenticate(key) {
        const known = knownKeys.get(key);
        return known === undefined ? null : { ...known, expiresMs: null };
      },
      list: () => [ownerPerson, operatorPerson, memberPerson].map(toKey),
      create({ name, scopes, personId, expiresMs }, actor) {
        note(actor, "key-created", name);
        const key = {
          id: "key_1",
          name,
          scopes: [...scopes],
          personId,
          createdMs: startMs,
          expiresMs,
          lastUsedMs: null,
        };
        return { ...key, key: "hk_shown-once-and-never-again" };
      },
      remove(id, actor) {
        if (!/^key_(owner|operator|member)$/.test(id)) throw notFound("key", id);
        note(actor, "key-removed", id);
      },
      takeFromLimit: () => ({ isAllowed: true }),
    },
    sessions: {
      redeem(token) {
        const person = links.get(token);
        if (person === undefined) return { isAllowed: false, reason: "unknown" };
        links.delete(token);
        const sessionToken = `session-of-${person.id}-0123456789`;
        openSessions.set(sessionToken, person);
        return { isAllowed: true, sessionToken, person, expiresMs: startMs + 86_400_000 };
      },
      find(token) {
        const person = openSessions.get(token);
        return person === undefined ? null : { person, expiresMs: startMs + 86_400_000 };
      },
      end: (token) => void openSessions.delete(token),
      endAll(personId, actor) {
        note(actor, "sessions-ended", personId);
        for (const [token, { id }] of openSessions) if (id === personId) openSessions.delete(token);
      },
      createLink(personId, actor) {
        note(actor, "link-created", personId);
        return { token: "one-time-token-0123456789", expiresMs: startMs + 600_000 };
      },
    },
  };
}

function channelServices(note: Note): Pick<ApiServices, "channels" | "queues"> {
  let channels: Channel[] = [];
  const get = (name: string): Channel => find(channels, "channel", name, (channel) => channel.name === name);
  return {
    channels: {
      list: () => channels,
      kinds: () => [
        {
          kind: "webhook",
          name: "Webhook",
          version: "1.0.0",
          loginKinds: ["token"],
          configSchema: {},
          capabilities: {},
        },
      ],
      create({ name, kind, policy, config }, actor) {
        if (channels.some((channel) => channel.name === name)) {
          throw new HearthError({ code: "channel-exists", message: `there is a channel '${name}' already` });
        }
        note(actor, "channel-created", name);
        const connection = { status: "connecting" } as const;
        const base = {
          isEnabled: true,
          isBuiltIn: false,
          connection,
          secretsSet: [],
          lastReceivedMs: null,
          pending: 0,
        };
        const channel: Channel = { ...base, name, kind, policy, config };
        channels = [...channels, channel];
        return channel;
      },
      update(name, request, actor) {
        const { policy, isEnabled } = request;
        const channel = get(name);
        note(actor, "channel-updated", name);
        const updated = { ...channel, policy: policy ?? channel.policy, isEnabled: isEnabled ?? channel.isEnabled };
        channels = channels.map((other) => (other.name === name ? updated : other));
        return updated;
      },
      remove(name, actor) {
        get(name);
        note(actor, "channel-removed", name);
        channels = channels.filter((channel) => channel.name !== name);
      },
      restart(name, actor) {
        note(actor, "channel-restarted", name);
        return get(name);
      },
    },
    queues: {
      read: () => ({
        inbox: { waiting: 1, answering: 0, oldestMs: startMs },
        outbox: { waiting: 0, sending: 0, retrying: 0, unknown: 0 },
        dead: [],
      }),
      retryDead(id, actor) {
        if (id !== "out_dead") throw notFound("dead-letter", id);
        note(actor, "dead-letter-retried", id);
      },
    },
  };
}

const tinyModel: Model = {
  id: "tiny",
  contextTokens: 2048,
  isLoaded: true,
  isGuide: false,
  isDefault: true,
  canEmbed: false,
  canCallTools: true,
};

function contentServices(note: Note): Pick<ApiServices, "models" | "knowledge" | "conversations" | "settings"> {
  let settings: Settings = { boxName: "Hearth", language: "en", allowedHosts: [] };
  const source: KnowledgeSource = {
    id: "kno_1",
    title: "Handbook",
    kind: "handbook",
    passages: 12,
    sizeBytes: 4096,
    addedMs: startMs,
    isRemovable: false,
  };
  const conversation = {
    id: "con_1",
    channel: "web-chat",
    personId: memberPerson.id,
    personName: memberPerson.name,
    lastMessageMs: startMs,
    messageCount: 1,
    isAnswering: false,
  };
  return {
    models: {
      list: () => [tinyModel],
      use(model, actor) {
        note(actor, "model-used", model);
        return find([tinyModel], "model", model, ({ id }) => id === model);
      },
      inspect: (model) => ({ id: model, hasChatTemplate: true, canEmbed: false, canCallTools: true, problems: [] }),
      remove: (id, actor) => note(actor, "model-removed", id),
    },
    knowledge: {
      list: () => [source],
      add(request, actor) {
        note(actor, "knowledge-added", "title" in request ? request.title : request.path);
        return { sources: [source], skipped: [] };
      },
      remove: (id, actor) => note(actor, "knowledge-removed", id),
      search: (query) => [{ sourceId: source.id, title: source.title, heading: "Start", text: query, score: 1 }],
    },
    conversations: {
      list: ({ personId }) => {
        const isVisible = personId === undefined || personId === conversation.personId;
        return { conversations: isVisible ? [conversation] : [], next: null };
      },
      get: (id) => ({
        conversation: find([conversation], "conversation", id, (candidate) => candidate.id === id),
        messages: [{ id: "inb_1", direction: "in", text: "hello", atMs: startMs, state: "answered" }],
        next: null,
      }),
    },
    settings: {
      read: () => settings,
      update(request, actor) {
        note(actor, "settings-updated", Object.keys(request).join(","));
        const {
          boxName = settings.boxName,
          language = settings.language,
          allowedHosts = settings.allowedHosts,
        } = request;
        settings = { boxName, language, allowedHosts };
        return settings;
      },
    },
  };
}

type Observations = Pick<
  ApiServices,
  "audit" | "decisions" | "activity" | "status" | "doctor" | "logs" | "readiness" | "metrics"
>;

function observationServices(): Observations {
  const engine = {
    backend: "builtin",
    state: "ready",
    runningSequences: 0,
    queuedRequests: 0,
    maxSequences: 8,
    restarts: 0,
    decodeTokensPerSecond: 0,
    prefillTokensPerSecond: 0,
    memoryBytes: 0,
  } as const;
  return {
    audit: { list: () => ({ entries: [], next: null }), verify: () => ({ isIntact: true, entries: 0 }) },
    decisions: { list: () => [] },
    activity: { read: () => ({ resolutionMs: 2000, points: [] }), subscribe: () => () => undefined },
    status: {
      read: () => ({
        name: "Hearth",
        version: "0.1.0",
        startedMs: startMs,
        nowMs: startMs,
        isReady: true,
        isRunning: true,
        home: "/var/lib/hearth",
        addresses: ["http://127.0.0.1:7411"],
        engine,
        memoryBytes: 0,
        channels: { total: 0, online: 0, failing: 0 },
        people: 3,
        pendingPairings: 1,
        queues: { inboxWaiting: 0, outboxWaiting: 0, deadLetters: 0, unknown: 0 },
      }),
    },
    doctor: { run: async () => ({ status: "ok", checks: [] }) },
    logs: { read: (after) => ({ lines: [], next: after }) },
    readiness: { read: () => ({ isReady: true }) },
    metrics: {
      contentType: "application/openmetrics-text; version=1.0.0; charset=utf-8",
      render: async () => "# EOF\n",
    },
  };
}
