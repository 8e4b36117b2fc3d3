import { readFileSync } from 'node:fs'

/** The tables of a page of `docs`, by the heading they stand under: rows of cells, without the line of names. */
export function readTables(page: string): Map<string, string[][]> {
  const tables = new Map<string, string[][]>()
  let heading = ''
  for (const line of readFileSync(new URL(`../../docs/${page}`, import.meta.url), 'utf8').split('\n')) {
    if (line.startsWith('#')) heading = line.replace(/^#+ /, '')
    if (!line.startsWith('|')) continue
    const rows = tables.get(heading) ?? []
    rows.push(
      line
        .slice(1, -1)
        .split(' | ')
        .map((cell) => cell.trim()),
    )
    tables.set(heading, rows)
  }
  for (const rows of tables.values()) rows.splice(0, 2)
  return tables
}

/** What a cell has as code. */
export function codeIn(cell: string): string[] {
  return [...cell.matchAll(/`([^`]+)`/g)].map(([, code]) => code!)
}
