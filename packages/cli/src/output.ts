/** What a command says: lines for people, or with `--json` one line for programs. */
export interface Result {
  lines: string[]
  json: unknown
}

export interface Output {
  result(result: Result, asJson: boolean): void
  /** A part of a long result. Resolves once there is room for the next. */
  write(text: string): Promise<void>
  /** For people only. Also printed with `--json`, since it goes to standard error. */
  note(line: string): void
}

export const standardOutput: Output = {
  result: ({ lines, json }, asJson) =>
    process.stdout.write(asJson ? `${JSON.stringify(json)}\n` : `${lines.join('\n')}\n`),
  write: (text) =>
    new Promise((resolve, reject) => process.stdout.write(text, (error) => (error ? reject(error) : resolve()))),
  note: (line) => process.stderr.write(`${line}\n`),
}

/** Columns as wide as their widest cell, with a line of headings. */
export function table(headings: string[], rows: string[][]): string[] {
  const widths = headings.map((heading, column) =>
    Math.max(heading.length, ...rows.map((row) => row[column]?.length ?? 0)),
  )
  return [headings, ...rows].map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  )
}

/** UTC, to the second. */
export function formatTime(milliseconds: number | null): string {
  return milliseconds === null ? '-' : new Date(milliseconds).toISOString().replace('T', ' ').slice(0, 19)
}
