{{ config(materialized='table', sql_header="set variable header_says = 'hello';") }} select getvariable('header_says') as said
