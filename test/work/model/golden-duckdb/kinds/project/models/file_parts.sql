{{ config(materialized='external', location='parts', options={'partition_by': 'val', 'overwrite_or_ignore': 'true'}) }} select id, val, moment from raw.events
