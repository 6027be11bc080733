import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Schema } from '../../../../src/base/kernel/index.ts'
import {
  type Action,
  type AddFile,
  type Change,
  conflictOf,
  formatCommit,
  formatSchema,
  type LogEntry,
  type Metadata,
  type Operation,
  parseCommit,
  planCommit,
  replay,
  type Snapshot,
} from '../../../../src/data/table/delta/index.ts'
import { checkpointActions } from '../../../../src/data/table/delta/log/checkpoint-rows.ts'

const schema: Schema = {
  fields: [
    { name: 'id', type: { kind: 'long' }, nullable: true },
    { name: 'day', type: { kind: 'string' }, nullable: true },
  ],
}
const create: Operation = { kind: 'create', id: 'test-table', schema, partitionBy: ['day'], properties: {} }

function file(path: string, day: string | null): AddFile {
  return { path, partitionValues: { day }, size: 1, modificationTime: 0, dataChange: true }
}

/** A log in memory: what each commit file would hold, as text. */
class Log {
  readonly texts: string[] = []
  snapshot: Snapshot | undefined

  do(operation: Operation): 'commit' | 'nothing' {
    const plan = planCommit(this.snapshot, operation, 1_000_000)
    if (plan.kind === 'nothing') return 'nothing'
    expect(plan.version).toBe(this.texts.length)
    this.texts.push(formatCommit(plan.actions))
    this.snapshot = replay([this.entry(plan.version)], this.snapshot)
    return 'commit'
  }

  entry(version: number): LogEntry {
    return { version, actions: parseCommit(this.texts[version] ?? '', `${version}.json`) }
  }

  entries(from = 0): LogEntry[] {
    return this.texts.map((_, version) => this.entry(version)).slice(from)
  }
}

function write(kind: 'append' | 'overwrite', files: AddFile[], txn?: { appId: string; version: number }): Operation {
  return { kind, files, schema, schemaMode: 'fail', ...(txn ? { txn } : {}) }
}

function state(snapshot: Snapshot | undefined) {
  return {
    files: snapshot?.files.map(({ path, partitionValues }) => [path, partitionValues.day ?? null]).sort(),
    txns: [...(snapshot?.txns ?? [])].sort(),
    partitionBy: snapshot?.partitionBy,
    schema: snapshot?.schema,
  }
}

const day = fc.constantFrom('mon', 'tue', 'wed', null)
const step = fc.record({
  kind: fc.constantFrom('append', 'overwrite', 'where', 'dynamic'),
  days: fc.array(day, { maxLength: 3 }),
  where: day,
  txn: fc.option(fc.record({ appId: fc.constantFrom('a', 'b'), version: fc.integer({ min: 0, max: 4 }) })),
})

test('every sequence of writes leads to the files that a plain model of the table holds', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
      const log = new Log()
      log.do(create)
      let model: [string, string | null][] = []
      const txns = new Map<string, number>()
      for (const [index, { kind, days, where, txn }] of steps.entries()) {
        const inside: (string | null)[] = kind === 'where' ? days.filter((value) => value === where) : days
        const files = inside.map((value, part) => file(`${index}-${part}.parquet`, value))
        const base = { files, schema, schemaMode: 'fail' as const, ...(txn ? { txn } : {}) }
        log.do(
          kind === 'append' || kind === 'overwrite'
            ? { kind, ...base }
            : { kind: 'overwrite-partitions', where: kind === 'dynamic' ? kind : { day: where }, ...base },
        )
        if (txn && (txns.get(txn.appId) ?? -1) >= txn.version) continue
        if (txn) txns.set(txn.appId, txn.version)
        if (kind === 'overwrite') model = []
        if (kind === 'where') model = model.filter(([, value]) => value !== where)
        if (kind === 'dynamic') model = model.filter(([, value]) => !inside.includes(value))
        model.push(
          ...files.map(({ path, partitionValues }): [string, string | null] => [path, partitionValues.day ?? null]),
        )
      }
      const expected = { files: model.sort(), txns: [...txns].sort(), partitionBy: ['day'], schema }
      expect(state(log.snapshot)).toEqual(expected)
      expect(state(replay(log.entries()))).toEqual(expected)
    }),
  )
})

test('a checkpoint and the commits after it lead to the same snapshot as all commits', () => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 10 }), fc.nat(), (steps, cut) => {
      const log = new Log()
      log.do(create)
      for (const [index, { kind, days, txn }] of steps.entries()) {
        const files = days.map((value, part) => file(`${index}-${part}.parquet`, value))
        log.do(write(kind === 'append' ? 'append' : 'overwrite', files, txn ?? undefined))
      }
      const at = cut % log.texts.length
      const before = replay(log.entries().slice(0, at + 1))
      const checkpoint: LogEntry = { version: at, actions: checkpointActions(before, 1_000_001) }
      const resumed = replay([checkpoint, ...log.entries(at + 1)])
      expect(state(resumed)).toEqual(state(log.snapshot))
      expect(new Set(resumed.tombstones.keys())).toEqual(new Set(log.snapshot?.tombstones.keys()))
    }),
  )
})

test('a txn that the table holds already is not planned again, a later one is', () => {
  const log = new Log()
  log.do(create)
  const batch = (version: number) => write('append', [file(`${version}.parquet`, 'mon')], { appId: 'ingest', version })
  expect([log.do(batch(1)), log.do(batch(1)), log.do(batch(0)), log.do(batch(2))]).toEqual([
    'commit',
    'nothing',
    'nothing',
    'commit',
  ])
  expect(log.snapshot?.txns.get('ingest')).toBe(2)
  expect(log.snapshot?.files).toHaveLength(2)
})

test('an overwrite of a partition refuses files of others and names them', () => {
  const log = new Log()
  log.do(create)
  const outside: Operation = {
    kind: 'overwrite-partitions',
    where: { day: 'mon' },
    files: [file('a.parquet', 'mon'), file('b.parquet', 'tue')],
    schema,
    schemaMode: 'fail',
  }
  expect(() => log.do(outside)).toThrow(
    expect.objectContaining({ code: 'DELTA_PARTITION_OUTSIDE', message: expect.stringContaining('day=tue') }),
  )
})

test('an append-only table takes appends and refuses to lose rows', () => {
  const log = new Log()
  log.do({ ...create, properties: { 'delta.appendOnly': 'true' } })
  log.do(write('append', [file('a.parquet', 'mon')]))
  expect(() => log.do(write('overwrite', []))).toThrow(expect.objectContaining({ code: 'DELTA_APPEND_ONLY' }))
})

test('conflicts: an append yields to nothing but changed rules, an overwrite to changes of what it replaces', () => {
  const log = new Log()
  log.do(create)
  log.do(write('append', [file('old.parquet', 'mon')]))
  const base = log.snapshot as Snapshot
  const monday: Operation = {
    kind: 'overwrite-partitions',
    where: { day: 'mon' },
    files: [],
    schema,
    schemaMode: 'fail',
  }
  const tuesday: Operation = { ...monday, where: { day: 'tue' } }
  const dynamicTuesday: Operation = { ...monday, where: 'dynamic', files: [file('new.parquet', 'tue')] }
  const append = write('append', [file('x.parquet', 'mon')])
  const overwrite = write('overwrite', [])
  const added: LogEntry = { version: 2, actions: [{ kind: 'add', ...file('other.parquet', 'tue') }] }
  const removed: LogEntry = { version: 2, actions: [{ kind: 'remove', path: 'old.parquet', dataChange: true }] }
  const rules: LogEntry = { version: 2, actions: [{ kind: 'protocol', minReaderVersion: 1, minWriterVersion: 3 }] }
  const columns: LogEntry = { version: 2, actions: [{ kind: 'metaData', ...base.metadata }] }
  const refuses = (entry: LogEntry) =>
    [append, overwrite, monday, tuesday, dynamicTuesday].map(
      (operation) => conflictOf(operation, base, [entry]) !== undefined,
    )
  expect(refuses(added)).toEqual([false, true, false, true, true])
  expect(refuses(removed)).toEqual([false, true, true, false, false])
  expect(refuses(rules)).toEqual([true, true, true, true, true])
  expect(refuses(columns)).toEqual([false, true, true, true, true])
})

const change = (over: Partial<Change>): Change => ({
  kind: 'change',
  name: 'DELETE',
  read: { kind: 'nothing' },
  ...over,
})

test('a change removes files, keeps others with a vector, and says in the log what it was', () => {
  const log = new Log()
  log.do(create)
  const [a, b] = [file('a.parquet', 'mon'), file('b.parquet', 'mon')]
  log.do(write('append', [a, b]))
  const deletionVector = { storageType: 'u', pathOrInlineDv: 'x', offset: 1, sizeInBytes: 40, cardinality: 2 }
  const cdc = { path: '_change_data/c.parquet', partitionValues: { day: 'mon' }, size: 3 }
  log.do(
    change({
      parameters: { predicate: 'id > 2' },
      metrics: { numDeletedRows: '2' },
      remove: [a, b],
      add: [{ ...b, deletionVector }],
      changeFiles: [cdc],
      read: { kind: 'files', files: [a, b] },
    }),
  )
  expect(log.snapshot?.files).toEqual([{ ...b, deletionVector }])
  const actions = log.entry(2).actions
  expect(actions[0]).toMatchObject({
    kind: 'commitInfo',
    operation: 'DELETE',
    operationParameters: { predicate: 'id > 2' },
    operationMetrics: { numDeletedRows: '2' },
    isBlindAppend: false,
  })
  expect(actions.map(({ kind }) => kind)).toEqual(['commitInfo', 'remove', 'remove', 'add', 'cdc'])
  expect(actions.at(-1)).toMatchObject({ dataChange: false })
  // Removing it again names the vector with which it stands in the table.
  log.do(write('overwrite', []))
  expect(log.entry(3).actions.at(-1)).toMatchObject({ kind: 'remove', path: 'b.parquet', deletionVector })
  expect(log.snapshot?.files).toEqual([])
})

test('conflicts of changes are those of Spark, told by the version and what it was', () => {
  const log = new Log()
  log.do(create)
  const [mon, tue] = [file('mon.parquet', 'mon'), file('tue.parquet', 'tue')]
  log.do(write('append', [mon, tue]))
  const base = log.snapshot as Snapshot
  const of = (isBlindAppend: boolean, ...actions: Action[]): LogEntry => ({
    version: 2,
    actions: [{ kind: 'commitInfo', operation: 'MERGE', isBlindAppend }, ...actions],
  })
  const added: Action = { kind: 'add', ...file('new.parquet', 'mon') }
  const winners = {
    blindAppend: of(true, added),
    append: of(false, added),
    elsewhere: of(false, { kind: 'add', ...file('new.parquet', 'wed') }),
    removal: of(false, { kind: 'remove', path: 'mon.parquet', dataChange: true }),
    compaction: of(false, { kind: 'remove', path: 'mon.parquet', dataChange: false }, { ...added, dataChange: false }),
    rules: of(false, { kind: 'metaData', ...base.metadata, configuration: { 'delta.constraints.c': 'id > 0' } }),
    protocol: of(false, { kind: 'protocol', minReaderVersion: 1, minWriterVersion: 3 }),
    application: of(false, { kind: 'txn', appId: 'app', version: 1 }),
  }
  const monday = { kind: 'compare', column: 'day', is: 'eq', value: 'mon', type: 'string' } as const
  const kinds = (operation: Change) =>
    Object.values(winners).map((winner) => conflictOf(operation, base, [winner])?.kind ?? '-')
  const readsMonday = change({ read: { kind: 'rows', where: monday }, remove: [mon] })
  const [rules, protocol] = ['MetadataChanged', 'ProtocolChanged']
  expect(kinds(readsMonday)).toEqual([
    ...['-', 'ConcurrentAppend', '-', 'ConcurrentDeleteDelete', 'ConcurrentDeleteDelete'],
    ...[rules, protocol, '-'],
  ])
  expect(kinds({ ...readsMonday, isolation: 'Serializable' })[0]).toBe('ConcurrentAppend')
  expect(kinds(change({ read: { kind: 'rows', where: monday } }))[3]).toBe('ConcurrentDeleteRead')
  expect(kinds(change({ read: { kind: 'table' } }))).toEqual([
    ...['-', 'ConcurrentAppend', 'ConcurrentAppend', 'ConcurrentDeleteRead', 'ConcurrentDeleteRead'],
    ...[rules, protocol, '-'],
  ])
  // A new rule has looked at the rows there were.
  expect(kinds(change({ read: { kind: 'table' }, metadata: base.metadata }))[0]).toBe('ConcurrentAppend')
  expect(kinds(change({ dataChange: false, remove: [tue], add: [file('t2.parquet', 'tue')] }))).toEqual([
    ...['-', '-', '-', '-', '-', rules, protocol, '-'],
  ])
  expect(kinds(change({ dataChange: false, remove: [mon] })).slice(0, 5)).toEqual([
    ...['-', '-', '-', 'ConcurrentDeleteDelete', 'ConcurrentDeleteDelete'],
  ])
  expect(kinds(change({ txn: { appId: 'app', version: 2 } })).at(-1)).toBe('ConcurrentTransaction')
  expect(kinds(change({ txn: { appId: 'app', version: 1 } })).at(-1)).toBe('-')
  expect(conflictOf(readsMonday, base, [winners.append])).toMatchObject({
    version: 2,
    operation: 'MERGE',
    message: 'version 2 (MERGE) added rows to what was read or is overwritten',
  })
})

test('an append survives columns that another writer added, and no other change of the table', () => {
  const log = new Log()
  log.do(create)
  const base = log.snapshot as Snapshot
  const after = (metadata: Partial<Metadata>): LogEntry => ({
    version: 1,
    actions: [{ kind: 'metaData', ...base.metadata, ...metadata }],
  })
  const columns = (...fields: Schema['fields']): LogEntry => after({ schemaString: formatSchema({ fields }) })
  const note = { name: 'note', type: { kind: 'string' }, nullable: true } as const
  const append = write('append', [file('a.parquet', 'mon')])
  const survives = (entry: LogEntry) => conflictOf(append, base, [entry]) === undefined
  expect(survives(columns(...schema.fields, note))).toBe(true)
  expect(survives(columns(...schema.fields, { ...note, nullable: false }))).toBe(false)
  expect(survives(columns(...schema.fields, { ...note, metadata: { 'delta.invariants': '{}' } }))).toBe(false)
  expect(survives(columns(...schema.fields.slice(1)))).toBe(false)
  expect(survives(columns(...schema.fields.map((field) => ({ ...field, nullable: false }))))).toBe(false)
  expect(survives(after({ configuration: { 'delta.constraints.c': 'id > 0' } }))).toBe(false)
  expect(survives(after({ partitionColumns: [] }))).toBe(false)
})

test('columns are added with merge and refused without, with both types named', () => {
  const log = new Log()
  log.do(create)
  const wider: Schema = { fields: [...schema.fields, { name: 'amount', type: { kind: 'double' }, nullable: false }] }
  const append = (mode: 'fail' | 'merge', written: Schema): Operation => ({
    kind: 'append',
    files: [],
    schema: written,
    schemaMode: mode,
  })
  expect(() => log.do(append('fail', wider))).toThrow(expect.objectContaining({ code: 'DELTA_SCHEMA_MISMATCH' }))
  log.do(append('merge', wider))
  expect(log.snapshot?.schema.fields.at(-1)).toEqual({ name: 'amount', type: { kind: 'double' }, nullable: true })
  const other: Schema = { fields: [...schema.fields, { name: 'amount', type: { kind: 'string' }, nullable: true }] }
  expect(() => log.do(append('merge', other))).toThrow(
    expect.objectContaining({
      message: expect.stringMatching(/"amount" is string in the rows and double in the table/),
    }),
  )
})

test('a column without time zone makes the table state the feature timestampNtz', () => {
  const log = new Log()
  log.do(create)
  expect(log.snapshot?.protocol).toEqual({ minReaderVersion: 1, minWriterVersion: 2 })
  const written: Schema = {
    fields: [...schema.fields, { name: 'at', type: { kind: 'timestamp_ntz' }, nullable: true }],
  }
  log.do({ kind: 'append', files: [], schema: written, schemaMode: 'merge' })
  expect(log.snapshot?.protocol).toEqual({
    minReaderVersion: 3,
    minWriterVersion: 7,
    readerFeatures: ['timestampNtz'],
    writerFeatures: ['appendOnly', 'invariants', 'timestampNtz'],
  })
})
