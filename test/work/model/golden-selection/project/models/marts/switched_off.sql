select 1 as gone
