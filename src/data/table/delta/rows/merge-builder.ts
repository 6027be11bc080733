import { MillraceError } from '../../../../base/kernel/index.ts'
import type { Sql } from '../../../../base/sql/index.ts'
import type { DeltaTable } from '../delta-table.ts'
import type { Given } from '../expression/table-expression.ts'
import type { ChangeOptions, ChangeResult } from './changing-connection.ts'
import type { MergeClause, MergeValues } from './merge-clauses.ts'
import { mergeRows } from './merge-rows.ts'

/** How a merge runs, and what its expressions call the rows. */
export interface MergeOptions extends ChangeOptions {
  /** `source` by default. */
  readonly sourceAlias?: string
  /** `target` by default. */
  readonly targetAlias?: string
}

/** A clause that deletes. */
export interface MergeDelete {
  readonly condition?: Given
}

/** A clause that gives columns new values. */
export interface MergeUpdate extends MergeDelete {
  readonly set: Readonly<Record<string, Given>>
}

/** A clause that adds rows. */
export interface MergeInsert extends MergeDelete {
  readonly values: Readonly<Record<string, Given>>
}

/**
 * A merge as it is put together, in the words of Delta's `DeltaMergeBuilder`. Nothing happens before `execute`; each
 * call gives a new builder. Of the clauses of one kind the first whose condition holds decides.
 */
export class MergeBuilder {
  readonly #table: DeltaTable
  readonly #source: Sql
  readonly #on: Given
  readonly #options: MergeOptions
  readonly #clauses: readonly MergeClause[]
  readonly #evolves: boolean

  constructor(
    table: DeltaTable,
    source: Sql,
    on: Given,
    options: MergeOptions,
    clauses: readonly MergeClause[] = [],
    evolves = false,
  ) {
    this.#table = table
    this.#source = source
    this.#on = on
    this.#options = options
    this.#clauses = clauses
    this.#evolves = evolves
  }

  whenMatchedUpdate(clause: MergeUpdate): MergeBuilder {
    return this.#with({ kind: 'matched-update', ...clause })
  }

  /** Every column from the source's of the same name. */
  whenMatchedUpdateAll(clause: MergeDelete = {}): MergeBuilder {
    return this.#with({ kind: 'matched-update', ...clause, set: '*' })
  }

  whenMatchedDelete(clause: MergeDelete = {}): MergeBuilder {
    return this.#with({ kind: 'matched-delete', ...clause })
  }

  whenNotMatchedInsert(clause: MergeInsert): MergeBuilder {
    return this.#with({ kind: 'not-matched-insert', ...clause })
  }

  /** Every column from the source's of the same name. */
  whenNotMatchedInsertAll(clause: MergeDelete = {}): MergeBuilder {
    const values: MergeValues = '*'
    return this.#with({ kind: 'not-matched-insert', ...clause, values })
  }

  whenNotMatchedBySourceUpdate(clause: MergeUpdate): MergeBuilder {
    return this.#with({ kind: 'not-matched-by-source-update', ...clause })
  }

  whenNotMatchedBySourceDelete(clause: MergeDelete = {}): MergeBuilder {
    return this.#with({ kind: 'not-matched-by-source-delete', ...clause })
  }

  /** Columns that only the source has become columns of the table. */
  withSchemaEvolution(): MergeBuilder {
    return new MergeBuilder(this.#table, this.#source, this.#on, this.#options, this.#clauses, true)
  }

  /**
   * @throws MillraceError OPTION_MISSING without a clause, OPTION_INVALID, DELTA_MERGE_AMBIGUOUS when several rows of
   *   the source change one row of the table, COLUMN_UNKNOWN, COLUMN_AMBIGUOUS, DELTA_EXPRESSION_UNSUPPORTED,
   *   DELTA_CONSTRAINT_VIOLATED, DELTA_SCHEMA_MISMATCH, DELTA_COMMIT_CONFLICT, DELTA_FEATURE_UNSUPPORTED, and the engine's
   */
  async execute(): Promise<ChangeResult> {
    if (this.#clauses.length === 0) {
      throw new MillraceError('OPTION_MISSING', 'merging into a Delta table without saying what happens to rows', {
        hint: 'Add a clause, such as whenMatchedUpdateAll() or whenNotMatchedInsertAll().',
      })
    }
    const { sourceAlias = 'source', targetAlias = 'target', ...options } = this.#options
    return mergeRows(
      this.#table,
      {
        source: this.#source,
        on: this.#on,
        clauses: this.#clauses,
        evolves: this.#evolves,
        sourceAlias,
        targetAlias,
      },
      options,
    )
  }

  #with(clause: MergeClause): MergeBuilder {
    const clauses = [...this.#clauses, clause]
    return new MergeBuilder(this.#table, this.#source, this.#on, this.#options, clauses, this.#evolves)
  }
}
