package queue

import (
	"net/http"

	"github.com/hibiken/asynq"
	"github.com/hibiken/asynqmon"
)

// Dashboard serves asynqmon under rootPath ("/ops/queues"). It has no access control of its own, and its page needs a
// content policy that allows inline script. It is read-only: replay and cancel go through the ledger.
func Dashboard(redis asynq.RedisConnOpt, rootPath string) http.Handler {
	return asynqmon.New(asynqmon.Options{RootPath: rootPath, RedisConnOpt: redis, ReadOnly: true})
}
