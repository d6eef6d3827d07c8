// Package openai is a double of the OpenAI API that speaks its wire protocol: Responses (whole and streamed, with strict
// structured output and file_search), Conversations, Models, Files and vector stores. It keeps its state in memory and
// thinks without a model: what it answers is filled from the schema that was sent, from the transcript that it finds in
// the input, and from the files that a question's words find.
//
// Paths are the vendor's own ("/v1/responses"). Below the control prefix, POST /script queues what the next responses
// will be (see Answer), POST /stores decides how files in stores are read (see Processing), and GET /streams counts the
// streams by what became of them (see Streams).
package openai

import (
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/tertulia-dev/tertulia/infrastructure/sandbox/core"
)

// Double is the vendor. It is safe for concurrent use.
type Double struct {
	now     func() time.Time
	api     *http.ServeMux
	control *http.ServeMux

	mu sync.Mutex
	state
}

// state is what Reset forgets.
type state struct {
	responses     map[string]*storedResponse
	conversations map[string]*conversation
	files         map[string]*file
	stores        map[string]*vectorStore
	processing    Processing
	streams       Streams
	script        []Answer
	prefixes      prefixCache
}

func newState() state {
	return state{
		responses:     map[string]*storedResponse{},
		conversations: map[string]*conversation{},
		files:         map[string]*file{},
		stores:        map[string]*vectorStore{},
		processing:    Processing{Ms: int(DefaultProcessing.Milliseconds())},
		prefixes:      prefixCache{},
	}
}

// New builds an empty double.
func New(env core.Env) *Double {
	d := &Double{now: core.NewEnv(env).Clock.Now, api: http.NewServeMux(), control: http.NewServeMux(), state: newState()}
	d.api.HandleFunc("POST /v1/responses", d.createResponse)
	d.api.HandleFunc("GET /v1/responses/{id}", d.getResponse)
	d.api.HandleFunc("DELETE /v1/responses/{id}", d.deleteResponse)
	d.api.HandleFunc("POST /v1/responses/{id}/cancel", d.cancelResponse)
	d.api.HandleFunc("GET /v1/responses/{id}/input_items", d.listInputItems)
	d.api.HandleFunc("POST /v1/conversations", d.createConversation)
	d.api.HandleFunc("GET /v1/conversations/{id}", d.getConversation)
	d.api.HandleFunc("POST /v1/conversations/{id}", d.updateConversation)
	d.api.HandleFunc("DELETE /v1/conversations/{id}", d.deleteConversation)
	d.api.HandleFunc("GET /v1/conversations/{id}/items", d.listItems)
	d.api.HandleFunc("POST /v1/conversations/{id}/items", d.createItems)
	d.api.HandleFunc("GET /v1/conversations/{id}/items/{item}", d.getItem)
	d.api.HandleFunc("DELETE /v1/conversations/{id}/items/{item}", d.deleteItem)
	d.api.HandleFunc("GET /v1/models", d.listModels)
	d.api.HandleFunc("GET /v1/models/{id}", d.getModel)
	d.api.HandleFunc("POST /v1/files", d.uploadFile)
	d.api.HandleFunc("GET /v1/files", d.listFiles)
	d.api.HandleFunc("GET /v1/files/{id}", d.getFile)
	d.api.HandleFunc("DELETE /v1/files/{id}", d.deleteFile)
	d.api.HandleFunc("GET /v1/files/{id}/content", d.fileContent)
	d.routeStores()
	d.api.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		refuse(w, apiError{status: http.StatusNotFound, Message: "Invalid URL (" + r.Method + " " + r.URL.Path + ")"})
	})
	d.control.HandleFunc("POST /script", d.queueScript)
	d.control.HandleFunc("POST /stores", d.setProcessing)
	d.control.HandleFunc("GET /streams", d.showStreams)
	return d
}

func (d *Double) routeStores() {
	d.api.HandleFunc("POST /v1/vector_stores", d.createStore)
	d.api.HandleFunc("GET /v1/vector_stores", d.listStores)
	d.api.HandleFunc("GET /v1/vector_stores/{id}", d.getStore)
	d.api.HandleFunc("POST /v1/vector_stores/{id}", d.updateStore)
	d.api.HandleFunc("DELETE /v1/vector_stores/{id}", d.deleteStore)
	d.api.HandleFunc("POST /v1/vector_stores/{id}/search", d.searchStore)
	d.api.HandleFunc("POST /v1/vector_stores/{id}/files", d.attachFile)
	d.api.HandleFunc("GET /v1/vector_stores/{id}/files", d.listStoreFiles)
	d.api.HandleFunc("GET /v1/vector_stores/{id}/files/{file}", d.getStoreFile)
	d.api.HandleFunc("POST /v1/vector_stores/{id}/files/{file}", d.updateStoreFile)
	d.api.HandleFunc("DELETE /v1/vector_stores/{id}/files/{file}", d.deleteStoreFile)
	d.api.HandleFunc("GET /v1/vector_stores/{id}/files/{file}/content", d.storeFileContent)
	d.api.HandleFunc("POST /v1/vector_stores/{id}/file_batches", d.createBatch)
	d.api.HandleFunc("GET /v1/vector_stores/{id}/file_batches/{batch}", d.getBatch)
	d.api.HandleFunc("POST /v1/vector_stores/{id}/file_batches/{batch}/cancel", d.cancelBatch)
	d.api.HandleFunc("GET /v1/vector_stores/{id}/file_batches/{batch}/files", d.listBatchFiles)
}

// Name is the vendor's name and its path prefix.
func (d *Double) Name() string { return "openai" }

// Reset forgets every response, conversation, file, store and scripted answer.
func (d *Double) Reset() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.state = newState()
}

// Control serves the double's own controls, below its control prefix.
func (d *Double) Control() http.Handler { return d.control }

// ServeHTTP answers as api.openai.com does.
func (d *Double) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Openai-Version", "2020-10-01")
	w.Header().Set("Openai-Processing-Ms", "1")
	w.Header().Set("X-Request-Id", newID("req"))
	if e, bad := checkKey(r); bad {
		refuse(w, e)
		return
	}
	d.api.ServeHTTP(w, r)
}

// checkKey tells the vendor's refusal of a request whose key is absent or not the sandbox's.
func checkKey(r *http.Request) (apiError, bool) {
	key := core.BearerToken(r)
	if key == "" {
		return apiError{status: http.StatusUnauthorized, Message: "You didn't provide an API key. You need to provide your " +
			"API key in an Authorization header using Bearer auth (i.e. Authorization: Bearer YOUR_KEY)."}, true
	}
	if !core.GoodKey(key) {
		return apiError{
			status: http.StatusUnauthorized, Code: "invalid_api_key",
			Message: "Incorrect API key provided: " + mask(key) +
				". You can find your API key at https://platform.openai.com/account/api-keys.",
		}, true
	}
	return apiError{}, false
}

// mask shows the two ends of a key, as the vendor does.
func mask(key string) string {
	if len(key) < 12 {
		return strings.Repeat("*", len(key))
	}
	return key[:4] + strings.Repeat("*", len(key)-8) + key[len(key)-4:]
}
