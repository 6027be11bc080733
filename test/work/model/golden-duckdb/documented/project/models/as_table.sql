{{ config(materialized='table', grants={'select': ['nobody']}) }} select id, "Amount" as "My Amount", note as Note from {{ ref('raw') }}
