// SPDX-License-Identifier: AGPL-3.0-only
import { z } from "@hono/zod-openapi";

import { idSchema, roleSchema, timeMsSchema } from "./common.ts";

export const identitySchema = z.object({
  channel: z.string().min(1).max(64),
  address: z.string().min(1).max(512),
});

export const personSchema = z
  .object({
    id: z.string(),
    name: z.string(),
    role: roleSchema,
    isBlocked: z.boolean(),
    createdMs: timeMsSchema,
    lastSeenMs: timeMsSchema.nullable(),
    identities: z.array(identitySchema),
  })
  .openapi("Person");
export type Person = z.infer<typeof personSchema>;

export const personListSchema = z.object({ people: z.array(personSchema) }).openapi("PersonList");
export type PersonList = z.infer<typeof personListSchema>;

export const createPersonRequestSchema = z
  .strictObject({
    name: z.string().trim().min(1).max(128),
    role: roleSchema.default("member"),
    /** Addresses that are this person from now on: the allow-list of their channels. */
    identities: z.array(identitySchema).max(32).default([]),
  })
  .openapi("CreatePersonRequest");
export type CreatePersonRequest = z.input<typeof createPersonRequestSchema>;
/** The request with its defaults filled in. */
export type NewPerson = z.output<typeof createPersonRequestSchema>;

export const updatePersonRequestSchema = z
  .strictObject({
    name: z.string().trim().min(1).max(128).optional(),
    role: roleSchema.optional(),
    isBlocked: z.boolean().optional(),
    /** Adds addresses; those of somebody else are refused. */
    addIdentities: z.array(identitySchema).max(32).optional(),
    removeIdentities: z.array(identitySchema).max(32).optional(),
  })
  .openapi("UpdatePersonRequest");
export type UpdatePersonRequest = z.infer<typeof updatePersonRequestSchema>;

/** A stranger who was given a pairing code and waits for the owner. */
export const pairingSchema = z
  .object({
    id: z.string(),
    channel: z.string(),
    address: z.string(),
    displayName: z.string().optional(),
    requestedMs: timeMsSchema,
    expiresMs: timeMsSchema,
  })
  .openapi("Pairing");
export type Pairing = z.infer<typeof pairingSchema>;

export const pairingListSchema = z.object({ pairings: z.array(pairingSchema) }).openapi("PairingList");
export type PairingList = z.infer<typeof pairingListSchema>;

const pairingCodeSchema = z.string().trim().min(4).max(32);

/** The code that the stranger was given and told the owner. */
export const approvePairingRequestSchema = z
  .strictObject({
    code: pairingCodeSchema,
    role: roleSchema.exclude(["owner"]).default("member"),
    name: z.string().trim().min(1).max(128).optional(),
    /** Somebody known, of whom this is one more address; role and name stay theirs. */
    personId: idSchema.optional(),
  })
  .openapi("ApprovePairingRequest");
export type ApprovePairingRequest = z.input<typeof approvePairingRequestSchema>;

export type PairingApproval = z.output<typeof approvePairingRequestSchema>;

/** With `isBlocked` the address gets no answer and no code any more. */
const isBlockedSchema = z.boolean().default(false);

/** By code, or by the id in the list. */
export const denyPairingRequestSchema = z
  .union([
    z.strictObject({ code: pairingCodeSchema, isBlocked: isBlockedSchema }),
    z.strictObject({ id: idSchema, isBlocked: isBlockedSchema }),
  ])
  .openapi("DenyPairingRequest");
export type DenyPairingRequest = z.input<typeof denyPairingRequestSchema>;
export type PairingDenial = z.output<typeof denyPairingRequestSchema>;
