package meetingspg

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/infrastructure/postgres"
	meetingsuc "github.com/tertulia-dev/tertulia/usecase/meetings"
)

// newestRow is a listed meeting with the opportunities of its analysis.
type newestRow struct {
	listedRow

	Opportunities json.RawMessage
}

// newestSQL finds the meetings in the index and reads only those whole.
const newestSQL = `
with newest as (
	select meeting_id from scorecards where workspace_id = $1 and sales_rep_id = $2
	order by occurs_at desc, meeting_id desc limit $3
)
select ` + listedColumns + `, a.body -> 'opportunities' as opportunities
from newest
join meetings m on m.id = newest.meeting_id
join analyses a on a.meeting_id = m.id
` + peopleJoins + `
order by m.occurs_at desc, m.id desc`

// Newest returns a rep's newest completed sales meetings.
func (Scorecards) Newest(ctx context.Context, ws kernel.WorkspaceID, rep kernel.RepID, limit int) ([]meetingsuc.ScoredMeeting, error) {
	rows, err := postgres.Collect(ctx, pgx.RowToStructByNameLax[newestRow], newestSQL, string(ws), string(rep), limit)
	if err != nil {
		return nil, wrap("read a rep's newest meetings", err)
	}
	newest := make([]meetingsuc.ScoredMeeting, len(rows))
	for i, r := range rows {
		newest[i].Row = r.row()
		if err := json.Unmarshal(r.Opportunities, &newest[i].Opportunities); err != nil {
			return nil, fmt.Errorf("decode opportunities: %w", err)
		}
	}
	return newest, nil
}
