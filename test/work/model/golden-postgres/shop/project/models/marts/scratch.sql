{{ config(unlogged=true, alias='scratch_pad', sql_header="set local search_path = public; create table if not exists public.headed (x int);") }}
select 1 as one, '{{ target.type }}' as adapter, '{{ target.dbname == target.database }}' as same, '{{ adapter.type() }}' as said
