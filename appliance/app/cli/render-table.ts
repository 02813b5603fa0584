// SPDX-License-Identifier: AGPL-3.0-only

/** One column of a table: its heading and the text of a row's cell. */
export interface Column<Row> {
  readonly heading: string;
  cell(row: Row): string;
  readonly isNumeric?: boolean;
}

/**
 * A plain-text table with aligned columns; wide (East Asian) characters count as two. An empty list gives `empty`.
 * Control characters in cells, which may come from strangers, are shown as dots and cannot move the cursor.
 */
export function renderTable<Row>(rows: readonly Row[], columns: readonly Column<Row>[], empty: string): string {
  if (rows.length === 0) return `${empty}\n`;
  const cells = [
    columns.map((column) => column.heading.toUpperCase()),
    ...rows.map((row) => columns.map((column) => harmless(column.cell(row)))),
  ];
  const widths = columns.map((_, index) => Math.max(...cells.map((line) => Bun.stringWidth(line[index] ?? ""))));
  return cells
    .map(
      (line) =>
        `${line
          .map((cell, index) => pad(cell, widths[index] ?? 0, columns[index]?.isNumeric))
          .join("  ")
          .trimEnd()}\n`,
    )
    .join("");
}

function pad(cell: string, width: number, isNumeric: boolean | undefined): string {
  const filler = " ".repeat(Math.max(0, width - Bun.stringWidth(cell)));
  return isNumeric === true ? filler + cell : cell + filler;
}

/** Text from outside made safe to print on one line of a terminal. */
export function harmless(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, "·");
}
