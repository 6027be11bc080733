{{ config(materialized='table', indexes=[{'columns': ['id'], 'unique': true}, {'columns': ['val', 'id']}]) }} select id, val from raw.events
