// SPDX-License-Identifier: AGPL-3.0-only
export type { SignInDependencies, SignInOptions } from "./create-sign-in.ts";
export { createSignIn } from "./create-sign-in.ts";
export type { ConsoleSession, ConsoleSessionId, SignIn, SignInLink, SignInResult } from "./sign-in-types.ts";
