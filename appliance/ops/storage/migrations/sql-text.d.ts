// SPDX-License-Identifier: AGPL-3.0-only

declare module "*.sql" {
  const text: string;
  export default text;
}
