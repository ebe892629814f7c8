// PocketBase for bench_push: one collection that anybody may add to, each record durable before it is answered
// (synchronous FULL, where its default is NORMAL). Started as: pocketbase serve --dir DIR --http ADDRESS:PORT
package main

import (
	"log"
	"os"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"
)

func connect(path string) (*dbx.DB, error) {
	sync := os.Getenv("SYNCHRONOUS")
	if sync == "" {
		sync = "FULL"
	}
	return dbx.Open("sqlite", path+"?_pragma=busy_timeout(10000)&_pragma=journal_mode(WAL)&_pragma=journal_size_limit(200000000)&_pragma=synchronous("+sync+")&_pragma=foreign_keys(ON)&_pragma=temp_store(MEMORY)&_pragma=cache_size(-32000)")
}

func main() {
	app := pocketbase.NewWithConfig(pocketbase.Config{DBConnect: connect, HideStartBanner: true})
	app.OnServe().BindFunc(func(e *core.ServeEvent) error {
		if _, err := e.App.FindCollectionByNameOrId("entries"); err != nil {
			entries := core.NewBaseCollection("entries")
			entries.Fields.Add(&core.TextField{Name: "text", Max: 100000, Required: true})
			entries.CreateRule = types.Pointer("")
			if err := e.App.Save(entries); err != nil {
				return err
			}
		}
		return e.Next()
	})
	if err := app.Start(); err != nil {
		log.Fatal(err)
	}
}
