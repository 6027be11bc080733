/** The tables of the metadata database that this room owns, as steps that each database takes once. */
export const QUALITY_STEPS = [
  `create table quality_validations (
     id text primary key, dataset text not null, suite text not null, run_time text not null, success integer not null,
     evaluated integer not null, met integer not null, score double precision not null, results text not null)`,
  'create index quality_validations_by_dataset on quality_validations (dataset, run_time)',
  `create table quality_columns (
     validation text not null, dataset text not null, column_name text not null, run_time text not null,
     evaluated integer not null, met integer not null, score double precision not null,
     primary key (validation, column_name))`,
  'create index quality_columns_by_dataset on quality_columns (dataset, column_name, run_time)',
  `create table quality_past (
     dataset text not null, measure text not null, day text not null, value double precision not null,
     primary key (dataset, measure, day))`,
  'alter table quality_validations add column milliseconds integer',
  'alter table quality_validations add column day text',
]
