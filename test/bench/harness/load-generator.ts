// SPDX-License-Identifier: AGPL-3.0-only

/** What one turn cost its caller. */
export interface TurnTiming {
  /** Until the first text arrived, milliseconds; NaN when none came. */
  readonly firstTokenMs: number;
  readonly totalMs: number;
  readonly isAnswered: boolean;
  readonly text: string;
}

/** How to reach the product: any server that speaks `POST /v1/chat/completions` with streaming. */
export interface LoadTarget {
  /** Ends in `/v1`. */
  readonly baseUrl: string;
  readonly apiKey: string;
  readonly model: string;
}

/** One streamed turn of chat `user`. */
export async function runTurn(target: LoadTarget, user: string, text: string): Promise<TurnTiming> {
  const startedMs = performance.now();
  const response = await fetch(`${target.baseUrl}/chat/completions`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${target.apiKey}` },
    body: JSON.stringify({ model: target.model, user, stream: true, messages: [{ role: "user", content: text }] }),
  });
  let firstTokenMs = Number.NaN;
  let answer = "";
  let isDone = false;
  if (response.ok && response.body !== null) {
    const decoder = new TextDecoder();
    let pending = "";
    for await (const bytes of response.body) {
      pending += decoder.decode(bytes, { stream: true });
      const lines = pending.split("\n");
      pending = lines.pop() ?? "";
      for (const line of lines) {
        if (line === "data: [DONE]") isDone = true;
        const content = contentOf(line);
        if (content !== "" && Number.isNaN(firstTokenMs)) firstTokenMs = performance.now() - startedMs;
        answer += content;
      }
    }
  } else await response.body?.cancel();
  return { firstTokenMs, totalMs: performance.now() - startedMs, isAnswered: isDone && answer !== "", text: answer };
}

function contentOf(line: string): string {
  if (!line.startsWith("data: {")) return "";
  const chunk = JSON.parse(line.slice("data: ".length)) as { choices?: { delta?: { content?: string } }[] };
  return chunk.choices?.[0]?.delta?.content ?? "";
}

/** `chats` chats at once, `turns` turns each, one after the other within a chat. */
export async function runChats(
  target: LoadTarget,
  chats: number,
  turns: number,
  prefix: string,
): Promise<readonly TurnTiming[]> {
  const timings: TurnTiming[] = [];
  const runChat = async (chat: number): Promise<void> => {
    for (let turn = 0; turn < turns; turn += 1) {
      timings.push(await runTurn(target, `${prefix}-${chat}`, `Question ${turn} of chat ${chat}: how are you?`));
    }
  };
  await Promise.all(Array.from({ length: chats }, (_, chat) => runChat(chat)));
  return timings;
}
