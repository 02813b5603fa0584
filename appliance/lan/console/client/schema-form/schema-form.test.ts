// SPDX-License-Identifier: AGPL-3.0-only
import { describe, expect, test } from "bun:test";
import { webhookManifest } from "../../../../messaging/adapters/webhook/index.ts";
import { xmppConfigSchema, xmppManifest } from "../../../../messaging/adapters/xmpp/index.ts";
import { collectValues } from "./collect-values.ts";
import { describeChoice, describeField } from "./describe-field.ts";
import { readSchemaFields } from "./read-schema-fields.ts";
import { schemaFormTexts } from "./schema-form-texts.ts";

const xmppFields = readSchemaFields(xmppManifest.configSchema);

describe("a form made from a manifest", () => {
  test("asks for the account and its password first, the password hidden", () => {
    const plain = xmppFields.filter((field) => !field.isAdvanced);
    expect(plain).toMatchObject([
      { name: "jid", kind: "text", isRequired: true },
      { name: "password", kind: "password", isRequired: true },
    ]);
  });

  test("leaves what it cannot ask for to its default", () => {
    expect(xmppFields.map((field) => field.name)).not.toContain("rooms");
  });

  test("has a name and a hint in both languages for each field of the channels in the box", () => {
    for (const field of [...xmppFields, ...readSchemaFields(webhookManifest.configSchema)]) {
      for (const texts of [schemaFormTexts.en, schemaFormTexts.zh]) {
        const { label, hint } = describeField(texts, field);
        expect(label).not.toBe(field.name);
        expect(hint).not.toBe(field.description);
        for (const choice of field.choices) expect(describeChoice(texts, field.name, choice)).not.toBe(choice);
      }
    }
  });

  test("makes a configuration that the adapter itself takes", () => {
    const values = { jid: " agent@example.org ", password: " a b ", port: "5222" };
    const collected = collectValues(xmppFields, values);
    expect(collected).toEqual({
      isComplete: true,
      config: { jid: "agent@example.org", password: " a b ", port: 5222, tls: "starttls", keepAliveSeconds: 30 },
    });
    expect(collected.isComplete && xmppConfigSchema.safeParse(collected.config).success).toBe(true);
  });

  test("names what is missing or cannot be", () => {
    const fields = [...xmppFields, ...readSchemaFields(webhookManifest.configSchema)];
    const values = { jid: "", password: "x", port: "many", secret: "s", callback: "ftp://x" };
    expect(collectValues(fields, values)).toEqual({
      isComplete: false,
      problems: { jid: "required", port: "not-a-number", callback: "not-an-address" },
    });
  });

  test("takes a schema of a stranger's plugin as it is", () => {
    expect(readSchemaFields({})).toEqual([]);
    expect(
      readSchemaFields({ properties: { a: null, b: { type: "string", title: "Bee" } }, required: "b" }),
    ).toMatchObject([{ name: "b", title: "Bee", isRequired: false }]);
  });
});
