// SPDX-License-Identifier: AGPL-3.0-only
import { type XmlElement, xml } from "@xmpp/client";

/** The first whole stanza of a text, as the stream's parser would give it; undefined when there is none. Never throws. */
export function parseStanza(text: string): XmlElement | undefined {
  const parser = new xml.Parser();
  let first: XmlElement | undefined;
  parser.on("element", (element: XmlElement) => {
    first ??= element;
  });
  parser.on("error", () => undefined);
  try {
    parser.write("<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>");
    parser.write(text);
  } catch {
    // The parser throws on some of what is no XML; on a connection that ends the stream.
    return first;
  }
  return first;
}
