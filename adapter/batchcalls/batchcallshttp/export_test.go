package batchcallshttp

import (
	"context"
	"io"

	batchcallsuc "github.com/tertulia-dev/tertulia/usecase/batchcalls"
)

// Defused is how a cell is written to a file.
func Defused(cell string) string { return defused(cell) }

// StreamProgress writes to a reader who has seen a version.
func StreamProgress(ctx context.Context, w io.Writer, seen int64, follow func(context.Context, func(batchcallsuc.CampaignProgress) error) error) error {
	return progressStream{
		out: w, seen: seen, news: make(chan batchcallsuc.CampaignProgress), over: make(chan error, 1),
	}.run(ctx, follow)
}
