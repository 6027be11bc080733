{{ config(materialized='incremental', incremental_strategy='merge', unique_key='id', merge_clauses={
  'when_matched': [
    {'action': 'delete', 'condition': "DBT_INTERNAL_SOURCE.val = 'z'"},
    {'action': 'update', 'mode': 'explicit', 'update': {'include': ['val']}}],
  'when_not_matched': [
    {'action': 'do_nothing', 'condition': 'DBT_INTERNAL_SOURCE.id > 10'},
    {'action': 'insert', 'mode': 'explicit', 'insert': {'columns': ['id', 'val'], 'values': ['DBT_INTERNAL_SOURCE.id', "'new'"]}},
    {'action': 'delete', 'by': 'source'}]}) }}
select id, val, moment from raw.events
