// SPDX-License-Identifier: AGPL-3.0-only

/** XML namespaces of the extensions that are used. */
export const namespaces = {
  /** XEP-0198 Stream Management */
  streamManagement: "urn:xmpp:sm:3",
  /** XEP-0359 Unique and Stable Stanza IDs */
  stanzaId: "urn:xmpp:sid:0",
  /** XEP-0184 Message Delivery Receipts */
  receipts: "urn:xmpp:receipts",
  /** XEP-0333 Chat Markers */
  markers: "urn:xmpp:chat-markers:0",
  /** XEP-0085 Chat State Notifications */
  chatStates: "http://jabber.org/protocol/chatstates",
  /** XEP-0203 Delayed Delivery */
  delay: "urn:xmpp:delay",
  /** XEP-0313 Message Archive Management */
  archive: "urn:xmpp:mam:2",
  /** XEP-0059 Result Set Management */
  resultSet: "http://jabber.org/protocol/rsm",
  /** XEP-0297 Stanza Forwarding */
  forward: "urn:xmpp:forward:0",
  /** XEP-0004 Data Forms */
  dataForms: "jabber:x:data",
  /** XEP-0030 Service Discovery */
  discovery: "http://jabber.org/protocol/disco#info",
  /** XEP-0045 Multi-User Chat */
  rooms: "http://jabber.org/protocol/muc",
  /** XEP-0199 Ping */
  ping: "urn:xmpp:ping",
  /** XEP-0334 Message Processing Hints */
  hints: "urn:xmpp:hints",
} as const;
