import type { Sql } from '../sql/index.ts'

/** What a transaction is made on: values are translated both ways, and errors coded. */
export interface StateConnection {
  /** Carries out statements without parameters. */
  exec(text: string): void | Promise<void>
  /** Carries out a statement and says how many rows it changed. */
  run(query: Sql): number | Promise<number>
  all<T extends object>(query: Sql): T[] | Promise<T[]>
}

/** The transaction of a group of writes. An error of any method but `attempt` ends the group: nothing of it counts. */
export interface GroupWriter<C extends StateConnection> {
  /** Takes the right to write, so that all other writers wait, and begins. */
  begin(): Promise<C>
  /**
   * Carries out one write of the group, and undoes it alone when it throws.
   * @throws when the whole transaction is gone
   */
  attempt<T>(work: () => T | Promise<T>): Promise<{ readonly result: T } | { readonly thrown: unknown }>
  commit(): Promise<void>
  /** Ends the transaction if there still is one; never throws. */
  abandon(): Promise<void>
}
