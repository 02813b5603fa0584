// SPDX-License-Identifier: AGPL-3.0-only
// The box API, request and response: zod schemas for the server, types for its clients (console: `import type` only).
//
//   GET    /api/status                  Status                POST   /api/session   SignInRequest → Session (sets the cookie)
//   GET    /api/session                 Session               DELETE /api/session   204
//   POST   /api/links                   CreateLinkRequest → Link
//   GET    /api/channels                ChannelList           GET    /api/channels/kinds            ChannelKindList
//   POST   /api/channels                CreateChannelRequest → Channel
//   PATCH  /api/channels/{name}         UpdateChannelRequest → Channel
//   DELETE /api/channels/{name}         204                   POST   /api/channels/{name}/restart   Channel
//   GET    /api/people                  PersonList            POST   /api/people    CreatePersonRequest → Person
//   PATCH  /api/people/{id}             UpdatePersonRequest → Person       DELETE /api/people/{id}  204
//   GET    /api/pairing                 PairingList           POST   /api/pairing/approve  ApprovePairingRequest → Person
//   POST   /api/pairing/deny            DenyPairingRequest → 204
//   GET    /api/keys                    ApiKeyList            POST   /api/keys      CreateApiKeyRequest → CreatedApiKey
//   DELETE /api/keys/{id}               204
//   GET    /api/models                  ModelList             POST   /api/models/use       ModelRequest → Model
//   POST   /api/models/inspect          ModelRequest → ModelInspection     DELETE /api/models/{id}  204
//   GET    /api/knowledge               KnowledgeList         POST   /api/knowledge AddKnowledgeRequest → AddedKnowledge
//   DELETE /api/knowledge/{id}          204                   GET    /api/knowledge/search?q=&limit=  KnowledgeSearch
//   GET    /api/conversations?after=    ConversationList                   GET /api/conversations/{id}  ConversationDetail
//   GET    /api/activity                Activity              GET    /api/activity/stream  SSE `event: point`, data ActivityPoint
//   GET    /api/decisions?limit=        DecisionList          GET    /api/queues    Queues
//   POST   /api/queues/dead/{id}/retry  204                   GET    /api/audit?after=&limit=  AuditList
//   POST   /api/audit/verify            AuditVerification     GET    /api/settings  Settings
//   PUT    /api/settings                UpdateSettingsRequest → Settings
//   GET    /api/doctor                  DoctorReport          GET    /api/logs?after=&limit=  LogList
//   GET    /api/openapi.json
//
// Errors are ApiError with a fitting status. A browser session sends `X-Hearth-Csrf: <csrfToken>` with every request that
// is not GET or HEAD; a key sends `Authorization: Bearer hk_…`; the control socket needs neither.
export * from "./schemas/channels.ts";
export * from "./schemas/common.ts";
export * from "./schemas/conversations.ts";
export * from "./schemas/keys.ts";
export * from "./schemas/knowledge.ts";
export * from "./schemas/models.ts";
export * from "./schemas/operations.ts";
export * from "./schemas/people.ts";
export * from "./schemas/session.ts";
export * from "./schemas/status.ts";
