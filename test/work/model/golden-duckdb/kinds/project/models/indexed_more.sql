{{ config(materialized='incremental', unique_key='id', indexes=[{'columns': ['val']}]) }} select id, val from raw.events
