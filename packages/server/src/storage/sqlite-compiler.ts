import { SqliteQueryCompiler, type LimitNode, type OffsetNode } from 'kysely'

/**
 * Writes limits as `(? + 0)`. SQLite plans a statement by the value of a bare `limit ?`, and so plans it anew for each
 * value that is bound, which takes longer than to read a page.
 */
export class PlannedOnceCompiler extends SqliteQueryCompiler {
  protected override visitLimit({ limit }: LimitNode): void {
    this.append('limit (')
    this.visitNode(limit)
    this.append(' + 0)')
  }

  protected override visitOffset({ offset }: OffsetNode): void {
    this.append('offset (')
    this.visitNode(offset)
    this.append(' + 0)')
  }
}
