// Checks a file of evidence that nothing about a thing is left out, with the code of Go's checksum database.
// Usage: go run go_evidence.go FILE VERIFIER. Entries are read one after the other; the file may be of any length.
package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"log"
	"os"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

type entry struct {
	Index  int64    `json:"index"`
	Leaf   string   `json:"leaf"`
	Hashes [][]byte `json:"hashes"`
}

type fields struct {
	Kind         string          `json:"kind"`
	Subject      string          `json:"subject"`
	Organisation string          `json:"organisation"`
	Payload      json.RawMessage `json:"payload"`
}

type evidence struct {
	Format  string `json:"format"`
	About   string `json:"about"`
	By      string `json:"by"`
	Skipped uint64 `json:"skipped"`
	Before  []byte `json:"before"`
	Map     struct {
		Leaf *struct {
			Key   []byte `json:"key"`
			Count uint64 `json:"count"`
			Chain []byte `json:"chain"`
		} `json:"leaf"`
		Way [][2]json.RawMessage `json:"way"`
	} `json:"map"`
	MapEntry   entry  `json:"map_entry"`
	Checkpoint string `json:"checkpoint"`
}

func must(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

func sum(parts ...[]byte) []byte {
	found := sha256.Sum256(bytes.Join(parts, nil))
	return found[:]
}

func (e entry) included(tree tlog.Tree) ([]byte, fields) {
	var proof tlog.RecordProof
	for _, each := range e.Hashes {
		var hash tlog.Hash
		if copy(hash[:], each) != tlog.HashSize || len(each) != tlog.HashSize {
			log.Fatal("a hash is not 32 bytes long")
		}
		proof = append(proof, hash)
	}
	hash := tlog.RecordHash([]byte(e.Leaf))
	must(tlog.CheckRecord(proof, tree.N, tree.Hash, e.Index, hash))
	var said fields
	must(json.Unmarshal([]byte(e.Leaf), &said))
	return hash[:], said
}

func names(first string, more interface{}) []string {
	found := []string{first}
	list, many := more.([]interface{})
	if !many {
		list = []interface{}{more}
	}
	for _, each := range list {
		if text, is := each.(string); is {
			found = append(found, text)
		}
	}
	return found
}

func holds(said fields, about, by string) bool {
	var payload map[string]interface{}
	must(json.Unmarshal(said.Payload, &payload))
	return (about == "" || contains(names(said.Subject, payload["about"]), about)) &&
		(by == "" || contains(names(said.Organisation, payload["by"]), by))
}

func contains(all []string, wanted string) bool {
	for _, each := range all {
		if each == wanted || strings.Contains(each, ":organisation:") && strings.HasSuffix(each, ":"+wanted) {
			return true
		}
	}
	return false
}

func bit(key []byte, depth int) byte { return key[depth/8] >> (7 - depth%8) & 1 }

// What the map of this root says of the key: how many entries, and the chain over them.
func (e evidence) tally(key, root []byte) (uint64, []byte) {
	leaf := e.Map.Leaf
	if leaf == nil {
		if len(e.Map.Way) > 0 || !bytes.Equal(root, make([]byte, 32)) {
			log.Fatal("the map is not empty")
		}
		return 0, make([]byte, 32)
	}
	count := binary.BigEndian.AppendUint64(nil, leaf.Count)
	node, below := sum([]byte{0}, leaf.Key, count, leaf.Chain), 256
	for _, step := range e.Map.Way {
		var depth int
		var sibling []byte
		must(json.Unmarshal(step[0], &depth))
		must(json.Unmarshal(step[1], &sibling))
		if depth < 0 || depth >= below || len(sibling) != 32 || bit(key, depth) != bit(leaf.Key, depth) {
			log.Fatal("the way through the map does not hold")
		}
		left, right := node, sibling
		if bit(leaf.Key, depth) == 1 {
			left, right = sibling, node
		}
		node, below = sum([]byte{1, byte(depth)}, left, right), depth
	}
	if !bytes.Equal(node, root) {
		log.Fatal("the way does not lead to the root of the map")
	}
	if !bytes.Equal(leaf.Key, key) {
		return 0, make([]byte, 32)
	}
	return leaf.Count, leaf.Chain
}

func open(text, key string) tlog.Tree {
	verifier, err := note.NewVerifier(key)
	must(err)
	opened, err := note.Open([]byte(text), note.VerifierList(verifier))
	must(err)
	lines := strings.Split(opened.Text, "\n")
	var size int64
	_, err = fmt.Sscan(lines[1], &size)
	must(err)
	root, err := tlog.ParseHash(lines[2])
	must(err)
	return tlog.Tree{N: size, Hash: root}
}

// The head of the file, and a decoder that stands before the first entry: "entries" is the last member.
func begin(file *os.File) (evidence, *json.Decoder) {
	var head evidence
	members := map[string]json.RawMessage{}
	decoder := json.NewDecoder(file)
	_, err := decoder.Token()
	must(err)
	for {
		name, err := decoder.Token()
		must(err)
		if name == "entries" {
			break
		}
		var value json.RawMessage
		must(decoder.Decode(&value))
		members[name.(string)] = value
	}
	whole, err := json.Marshal(members)
	must(err)
	must(json.Unmarshal(whole, &head))
	_, err = decoder.Token()
	must(err)
	return head, decoder
}

func main() {
	file, err := os.Open(os.Args[1])
	must(err)
	given, decoder := begin(file)
	tree := open(given.Checkpoint, os.Args[2])
	_, said := given.MapEntry.included(tree)
	var committed struct {
		Size int64  `json:"size"`
		Root string `json:"root"`
	}
	must(json.Unmarshal(said.Payload, &committed))
	root, err := hex.DecodeString(committed.Root)
	must(err)
	if given.Format != "hutong-completeness/1" || said.Kind != "ledger.index" || said.Organisation != "" {
		log.Fatal("not such a file, or not the entry that commits to the map")
	}
	var label []string
	if given.By != "" {
		label = append(label, "by", given.By)
	}
	if given.About != "" {
		label = append(label, "about", given.About)
	}
	count, chain := given.tally(sum([]byte(strings.Join(label, "\n"))), root)
	seen, last, own := given.Skipped, int64(-1), given.Before
	for decoder.More() {
		var each entry
		must(decoder.Decode(&each))
		hash, said := each.included(tree)
		if each.Index <= last || each.Index >= committed.Size || !holds(said, given.About, given.By) {
			log.Fatalf("entry %d does not belong here", each.Index)
		}
		seen, last, own = seen+1, each.Index, sum([]byte{2}, own, hash)
	}
	if seen != count || !bytes.Equal(own, chain) {
		log.Fatalf("the map counts %d entries, the file shows others or fewer", count)
	}
	fmt.Printf("%d entries, and no others among the first %d\n", seen-given.Skipped, committed.Size)
}
