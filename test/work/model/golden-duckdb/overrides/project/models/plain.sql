{{ config(materialized='table', mark='plain', post_hook=["insert into main.log values ('hook of plain')", {'sql': "insert into main.log values ('after plain')", 'transaction': false}]) }}
select * from raw.events
