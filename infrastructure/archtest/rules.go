package archtest

import "strings"

// wirePackage is confined to the composition roots.
const wirePackage = "github.com/google/wire"

// ruleFor returns the rule of the package at a path below the module. It mirrors the table of the architecture.
func ruleFor(path string) rule {
	layer, rest, _ := strings.Cut(path, "/")
	switch layer {
	case "domain":
		return domainRule(rest)
	case "usecase":
		return useCaseRule(rest)
	case "adapter":
		return adapterRule(rest)
	case "infrastructure":
		return infrastructureRule(rest)
	case "pkg":
		if rest == "tertulia" || strings.HasPrefix(rest, "tertulia/") {
			return rule{name: "the SDK", local: []string{"pkg/tertulia/"}, stdOnly: true}
		}
		return everything("the composition root")
	case "cmd":
		return everything("a command")
	case "migrations", "web":
		return rule{name: "embedded files", stdOnly: true}
	default:
		return everything(layer)
	}
}

func domainRule(capability string) rule {
	r := rule{
		name:    "the domain",
		local:   []string{"domain/kernel", "domain/fault", "domain/" + capabilityOf(capability) + "/"},
		stdOnly: true,
		denyStd: []string{"net/http", "database/sql", "os"},
	}
	if capability == "kernel" || capability == "fault" {
		r.local = nil
	}
	return r
}

func useCaseRule(capability string) rule {
	c := capabilityOf(capability)
	r := rule{
		name:    "a use case",
		local:   []string{"domain/kernel", "domain/fault", "domain/" + c + "/", "usecase/port", "usecase/" + c + "/"},
		stdOnly: true,
		denyStd: []string{"net/http", "database/sql", "os"},
	}
	if c == "port" {
		r.name, r.local = "a shared port", []string{"domain/kernel", "domain/fault"}
	}
	return r
}

// adapterRule is for adapter/<capability>/<part>; the part's suffix says what it adapts.
func adapterRule(rest string) rule {
	c := capabilityOf(rest)
	part := lastOf(rest)
	r := rule{
		name:     "an adapter",
		local:    []string{"domain/kernel", "domain/fault", "domain/" + c + "/", "usecase/" + c + "/", "usecase/port", "adapter/" + rest + "/"},
		denyThem: []string{wirePackage},
	}
	bun := "github.com/uptrace/bun"
	switch {
	case strings.HasSuffix(part, "http"):
		r.name = "an HTTP adapter"
		r.local = append(r.local, "infrastructure/httpserver/", "infrastructure/catalog", "infrastructure/signature", "pkg/tertulia")
		r.denyThem = append(r.denyThem, bun)
	case strings.HasSuffix(part, "pg"):
		r.name = "a repository"
		r.local = append(r.local, "infrastructure/postgres")
	case strings.HasSuffix(part, "task"):
		r.name = "a job handler"
		r.local = append(r.local, "infrastructure/queue", "infrastructure/catalog")
		r.denyThem = append(r.denyThem, bun)
	case strings.HasSuffix(part, "bridge"):
		r.name = "a bridge"
		r.local = append(r.local, "domain/", "usecase/")
	default:
		r.name = "a vendor adapter"
		r.local = append(r.local, "infrastructure/vendors/", "infrastructure/outbound", "infrastructure/blobstore/", "infrastructure/signature")
		r.denyThem = append(r.denyThem, bun)
	}
	return r
}

func infrastructureRule(rest string) rule {
	r := rule{
		name:     "infrastructure",
		local:    []string{"domain/kernel", "domain/fault", "usecase/port", "infrastructure/", "migrations"},
		denyThem: []string{wirePackage},
	}
	isTestKit := strings.HasSuffix(rest, "test") // pgtest, sandboxtest, blobstoretest: imported by tests only
	if !isTestKit {
		r.deny = []string{"infrastructure/embedded/", "infrastructure/sandbox/", "infrastructure/config"}
	}
	switch root := capabilityOf(rest); root {
	case "sandbox":
		r.name, r.deny, r.local = "the sandbox", nil, []string{"infrastructure/sandbox/"}
	case "embedded", "config":
		r.deny = []string{"infrastructure/sandbox/"}
	}
	return r
}

// everything allows all imports; Wire belongs here.
func everything(name string) rule {
	return rule{name: name, local: []string{"domain/", "usecase/", "adapter/", "infrastructure/", "pkg/", "migrations", "web/"}}
}

// capabilityOf returns the capability that a path below a layer belongs to. The six of live chat live one level deeper.
func capabilityOf(rest string) string {
	parts := strings.Split(rest, "/")
	if parts[0] == "conversations" && len(parts) > 1 {
		return parts[0] + "/" + parts[1]
	}
	return parts[0]
}

func lastOf(path string) string { return path[strings.LastIndex(path, "/")+1:] }
