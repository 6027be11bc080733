{{ config(materialized='incremental', incremental_strategy='merge', merge_on_using_columns=['id'], unique_key='id') }} select id, val from raw.events
