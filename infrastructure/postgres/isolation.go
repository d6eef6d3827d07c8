package postgres

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// ErrNotIsolated is what Open and CheckIsolation return when a tenant could see another's rows.
var ErrNotIsolated = errors.New("tenants are not isolated")

// isolationFaults lists, as the app role, everything by which one tenant could reach another's rows. Tenant tables are
// the tables of schema public with a workspace_id column.
const isolationFaults = `
with tenant_table as (
	select c.oid, c.relname, c.relowner, c.relrowsecurity, c.relforcerowsecurity
	from pg_class c
	join pg_attribute a on a.attrelid = c.oid and a.attname = 'workspace_id' and not a.attisdropped
	where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
)
select 'role ' || rolname || ' is a superuser or bypasses row-level security'
from pg_roles where rolname = current_user and (rolsuper or rolbypassrls)
union all
select 'role ' || current_user || ' owns or acts for the owner of table ' || relname
from tenant_table where pg_has_role(current_user, relowner, 'member')
union all
select 'table ' || relname || ' does not force row-level security'
from tenant_table where not (relrowsecurity and relforcerowsecurity)
union all
select 'policy ' || polname || ' on table ' || relname || ' does not hold the app role to its workspace'
from pg_policy p join tenant_table t on t.oid = p.polrelid
where polpermissive
  and exists (select from unnest(polroles) r where case when r = 0 then true else pg_has_role(current_user, r, 'member') end)
  and (coalesce(pg_get_expr(polqual, polrelid), '') <> $1 or coalesce(pg_get_expr(polwithcheck, polrelid), '') <> $1)
union all
select 'view ' || relname || ' reads with its owner''s rights'
from pg_class c
where c.relnamespace = 'public'::regnamespace and c.relkind in ('v', 'm') and has_table_privilege(c.oid, 'select')
  and not coalesce('security_invoker=true' = any (reloptions) or 'security_invoker=on' = any (reloptions), false)
union all
select 'function ' || proname || ' runs with its owner''s rights'
from pg_proc where pronamespace = 'public'::regnamespace and prosecdef and has_function_privilege(oid, 'execute')`

// tenantExpression is how Postgres prints the policy that tertulia_tenant_table makes.
const tenantExpression = `(workspace_id = (current_setting('app.workspace_id'::text))::uuid)`

// CheckIsolation returns ErrNotIsolated, with everything that is wrong, when the app role can pass row-level security
// by: it is a superuser, bypasses it, owns a tenant table, or finds a table, view or function that does not enforce it.
func (db *DB) CheckIsolation(ctx context.Context) error {
	found, err := db.appPool.Query(ctx, isolationFaults, tenantExpression)
	if err != nil {
		return fmt.Errorf("check tenant isolation: %w", err)
	}
	faults, err := pgx.CollectRows(found, pgx.RowTo[string])
	if err != nil {
		return fmt.Errorf("check tenant isolation: %w", err)
	}
	if len(faults) == 0 {
		return nil
	}
	all := make([]error, len(faults))
	for i, f := range faults {
		all[i] = errors.New(f)
	}
	return fmt.Errorf("%w: %w", ErrNotIsolated, errors.Join(all...))
}
