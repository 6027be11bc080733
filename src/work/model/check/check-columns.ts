import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { asMillraceError, type MillraceError } from '../../../base/kernel/index.ts'
import { id as ident, join as joined, type Sql, sql, trusted } from '../../../base/sql/index.ts'
import type { EngineConnection } from '../../../data/engine/index.ts'
import { withoutDatabase } from '../command/no-introspection.ts'
import { connectTo } from '../command/run-node.ts'
import type { Session } from '../command/session.ts'
import { type Compilation, compileNode } from '../compile.ts'
import { projectDirOf } from '../context/node-context.ts'
import { Relation } from '../context/relation.ts'
import { seedColumn } from '../dialect/seed-column.ts'
import { topological } from '../graph.ts'
import { body } from '../materialize/statements.ts'
import type { Node } from '../node.ts'
import { relationOf } from '../node-names.ts'
import { isTree, listed } from '../read/config-tree.ts'
import { inferSeed } from '../seed-csv.ts'
import { snapshotSettings } from '../snapshot/snapshot-settings.ts'
import { binderFinding } from './binder-finding.ts'

/** What checking the columns of nodes found. */
export interface ColumnCheck {
  /** How many nodes were bound. */
  readonly checked: number
  /** By unique id. */
  readonly findings: ReadonlyMap<string, MillraceError>
  /** Nodes of which nothing can be said, by unique id, and why. */
  readonly left: ReadonlyMap<string, string>
}

/** What a hook may do that the SQL of nodes does not tell. */
const CHANGES = /\b(?:alter|create|rename|drop|attach|use|call)\b|\{[{%]/i

/**
 * Binds the SQL of nodes against empty relations of what is built before them, in a database in memory that is gone
 * afterwards; what is not selected, and sources, are bound as they stand. Nothing is read or written. A node whose
 * columns depend on something that only running it tells is left out, and so is what is built on it.
 */
export async function checkColumns(session: Session, nodes: readonly Node[]): Promise<ColumnCheck> {
  await using connection = await connectTo(session.deps, session.invocation.dialect)
  const scratch = `millrace_check_${randomUUID().slice(0, 8)}`
  await connection.execute(sql`attach ':memory:' as ${ident(scratch)}`)
  try {
    return await new Check(session, connection, scratch).all(nodes)
  } finally {
    await connection.execute(sql`detach ${ident(scratch)}`)
  }
}

class Check {
  readonly #session: Session
  readonly #connection: EngineConnection
  readonly #scratch: string
  readonly #compilation: Compilation
  /** What stands in the scratch, by unique id. */
  readonly #made = new Map<string, Relation>()
  readonly #schemas = new Set<string>()
  readonly #paths = new Set<string>()
  /** Nodes whose columns nobody knows before they run, and why. */
  readonly #unknown = new Map<string, string>()
  readonly #findings = new Map<string, MillraceError>()
  readonly #left = new Map<string, string>()
  #checked = 0

  constructor(session: Session, connection: EngineConnection, scratch: string) {
    this.#session = session
    this.#connection = connection
    this.#scratch = scratch
    const { plugins: _, ...rest } = session
    this.#compilation = {
      ...rest,
      // What templates log and warn of is said when they are rendered for the run.
      invocation: { ...session.invocation, log: () => undefined, warn: () => undefined },
      refer: (id, relation) => this.#made.get(id) ?? session.refer?.(id, relation) ?? relation,
    }
  }

  async all(nodes: readonly Node[]): Promise<ColumnCheck> {
    const { manifest } = this.#session
    const byId = new Map(nodes.map((node) => [node.unique_id, node]))
    this.#doubtSources(nodes)
    for (const id of topological(manifest.parents)) {
      const node = byId.get(id)
      if (!node || node.resource_type === 'analysis' || node.resource_type === 'unit_test') continue
      const why = this.#doubt(id) ?? (await this.#bind(node))
      if (why === undefined) continue
      this.#unknown.set(id, why)
      if (!this.#findings.has(id)) this.#left.set(id, why)
    }
    return { checked: this.#checked, findings: this.#findings, left: this.#left }
  }

  /** Sources that the run itself may make or alter. */
  #doubtSources(nodes: readonly Node[]): void {
    const { manifest, invocation } = this.#session
    const built = new Set(nodes.map((node) => pathOf(relationOf(node))))
    const hooked = [...invocation.packages.values()].some(({ project }) =>
      project.onRunStart.some((hook) => CHANGES.test(hook)),
    )
    for (const source of manifest.sources.values()) {
      const { database, schema, identifier } = source
      if (hooked) this.#unknown.set(source.unique_id, 'on-run-start may change its sources')
      else if (built.has(pathOf({ database, schema, identifier })))
        this.#unknown.set(source.unique_id, `${source.source_name}.${source.name} is built by a model`)
    }
  }

  /** Why what a node reads is not known. */
  #doubt(id: string): string | undefined {
    const { manifest } = this.#session
    for (const parent of manifest.parents.get(id) ?? []) {
      const why = this.#unknown.get(parent)
      const above = manifest.nodes.get(parent)
      const name = above?.name ?? parent
      if (why !== undefined) return above ? `it reads ${name}, whose columns are not known` : why
      if (above?.config.materialized === 'ephemeral' && this.#doubt(parent) !== undefined)
        return `it reads ${name}, whose columns are not known`
    }
    return undefined
  }

  /** Binds a node; says why its columns are not known, if they are not. */
  async #bind(node: Node): Promise<string | undefined> {
    const { config } = node
    if (typeof config['sql_header'] === 'string') return 'it has a sql_header'
    if (hookTexts(config['pre-hook']).some((hook) => CHANGES.test(hook))) return 'its pre-hook may change what it reads'
    try {
      if (node.resource_type === 'seed') return await this.#seed(node)
      const existing =
        config.materialized === 'incremental' && this.#session.options.fullRefresh !== true
          ? await this.#session.invocation.dialect.relationAt(this.#connection, relationOf(node))
          : undefined
      const compiled = await compileNode(
        this.#compilation,
        { ...node },
        {
          connection: withoutDatabase(this.#session.invocation.dialect, this.#session.deps.database),
          incremental: existing !== undefined,
        },
      )
      return await this.#query(node, compiled, existing)
    } catch (thrown) {
      return firstLine(asMillraceError(thrown).message)
    }
  }

  async #query(node: Node, compiled: string, existing: Relation | undefined): Promise<string | undefined> {
    const made = await this.#place(node)
    if (!made) return 'another node has the same schema and name'
    const kind = node.config.materialized === 'table' || node.config.materialized === 'incremental' ? 'table' : 'view'
    const rows = kind === 'table' ? trusted(' with no data') : trusted('')
    const refused = await this.#try(
      node,
      compiled,
      sql`create ${trusted(kind)} ${made.sql()} as (${body(compiled)})${rows}`,
    )
    if (refused !== undefined) return refused
    if (node.resource_type === 'snapshot') {
      const settings = snapshotSettings(node)
      const read = [
        ...settings.uniqueKey,
        ...(settings.updatedAt === undefined ? [] : [settings.updatedAt]),
        ...(settings.checkColumns === 'all' ? [] : settings.checkColumns),
      ]
      const list = trusted(read.join(', '))
      const wrong = await this.#try(node, compiled, sql`explain select ${list} from (${body(compiled)}) as sbq`)
      if (wrong !== undefined) return wrong
    }
    this.#checked += 1
    return this.#result(node, compiled, made, existing)
  }

  /** Takes what was made for what the node will be, where that is known. */
  #result(node: Node, compiled: string, made: Relation, existing: Relation | undefined): string | undefined {
    const { config } = node
    if (node.resource_type === 'test') return undefined
    if (node.resource_type === 'snapshot') return this.#later(node, 'a snapshot keeps the columns it had')
    if (!KNOWN.has(config.materialized)) return this.#later(node, `it is materialized as ${config.materialized}`)
    if (hookTexts(config['post-hook']).some((hook) => CHANGES.test(hook)))
      return this.#later(node, 'its post-hook may change it')
    if (/\bpivot\b/i.test(compiled)) return this.#later(node, 'its columns come from the values of a pivot')
    if (config.materialized === 'ephemeral') return undefined
    if (existing) {
      const changes = config['on_schema_change'] ?? 'ignore'
      return changes === 'ignore' ? undefined : this.#later(node, 'its table may get other columns')
    }
    this.#made.set(node.unique_id, made)
    return undefined
  }

  /** The node itself is in order, but not what is built on it can be told. */
  #later(node: Node, why: string): undefined {
    this.#unknown.set(node.unique_id, why)
  }

  async #try(node: Node, compiled: string, statement: Sql): Promise<string | undefined> {
    try {
      await this.#connection.execute(statement)
      return undefined
    } catch (thrown) {
      const error = asMillraceError(thrown, 'ENGINE_SQL')
      const found = this.#namesOthers(compiled)
        ? undefined
        : binderFinding(node, error, { compiled, scratch: this.#scratch })
      if (!found) return firstLine(error.message)
      this.#findings.set(node.unique_id, found)
      this.#checked += 1
      return 'its own columns are wrong'
    }
  }

  /** Whether SQL names a relation by its path that this run builds: as it stands now it may have other columns. */
  #namesOthers(compiled: string): boolean {
    const rest = compiled.toLowerCase().replaceAll('"', '')
    return [...this.#made.values()].some(({ schema, identifier }) =>
      rest
        .replaceAll(`${this.#scratch}.${schema}.${identifier}`.toLowerCase(), '')
        .includes(`${schema}.${identifier}`.toLowerCase()),
    )
  }

  async #seed(node: Node): Promise<string | undefined> {
    const { invocation } = this.#session
    if (hookTexts(node.config['post-hook']).some((hook) => CHANGES.test(hook))) return 'its post-hook may change it'
    const types = isTree(node.config['column_types']) ? Object.entries(node.config['column_types']) : []
    const shape = inferSeed(await readFile(join(projectDirOf(invocation, node), node.original_file_path), 'utf8'), {
      file: node.original_file_path,
      delimiter: String(node.config['delimiter'] ?? ','),
      types: new Map(types.map(([name, type]) => [name, String(type)])),
      fractionType: invocation.dialect.fractionType,
    })
    const made = await this.#place(node)
    if (!made) return 'another node has the same schema and name'
    const columns = joined(shape.columns.map(({ name, type }) => sql`${seedColumn(node, name)} ${trusted(type)}`))
    await this.#connection.execute(sql`create table ${made.sql()} (${columns})`)
    this.#made.set(node.unique_id, made)
    return undefined
  }

  /** Where a node stands in the scratch: under its own schema and name, as SQL may say them. */
  async #place(node: Node): Promise<Relation | undefined> {
    const path = { database: this.#scratch, schema: node.schema, identifier: node.alias }
    if (this.#paths.has(pathOf(path))) return undefined
    this.#paths.add(pathOf(path))
    const schema = node.schema.toLowerCase()
    if (!this.#schemas.has(schema))
      await this.#connection.execute(sql`create schema if not exists ${ident(this.#scratch, node.schema)}`)
    this.#schemas.add(schema)
    return new Relation(path)
  }
}

const KNOWN: ReadonlySet<string> = new Set(['table', 'view', 'incremental', 'ephemeral'])

function hookTexts(hooks: unknown): string[] {
  return listed(hooks).map((hook) => String(isTree(hook) ? (hook['sql'] ?? '') : (hook ?? '')))
}

function pathOf({ database, schema, identifier }: Pick<Relation, 'database' | 'schema' | 'identifier'>): string {
  return [database, schema, identifier].join('.').toLowerCase()
}

function firstLine(text: string): string {
  return text.split('\n')[0] ?? ''
}
