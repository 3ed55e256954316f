"""The errors of the lake.

HutongError
├── Invalid
│   ├── BadContract        a contract does not hold together
│   ├── BadSource          the source cannot be read
│   │   ├── NotDecodable   bytes that are no text in its encoding
│   │   ├── Truncated      it ends in the middle
│   │   ├── NoHeader       no row has the contract's columns
│   │   ├── ColumnMissing  a required column is absent
│   │   ├── ColumnUnknown  a column the contract does not name, where it refuses such
│   │   ├── FormulaCell    an Excel formula without a stored value
│   │   ├── NothingLeft    no row keeps the contract
│   │   └── UnknownFormat  neither its name nor its content tell what it is
│   ├── BadQuery           a query is not one SELECT over the declared tables
│   ├── BadLens            a mask or condition does not fit the table
│   └── SourceTooLarge (413)
├── NotFound
│   └── NoSuchTable, NoSuchSnapshot, NoSuchLoad
├── Conflict
│   └── LoadRunning        another load of the same table is at work
└── Unavailable
    ├── QueryTooLong       the query took longer than its bound
    ├── TooManyStreams     as many bodies as allowed are on their way
    └── SourceUnreachable  an address or database does not answer
"""

from hutong.kernel.errors import Conflict, Invalid, NotFound, TooLarge, Unavailable
from hutong.kernel.text import Text


class BadContract(Invalid):
    """A contract does not hold together."""

    code = "lake.bad-contract"
    message = Text(zh="数据契约有误：{reason}", en="The contract does not hold together: {reason}")
    fix = Text(zh="按契约文档改正所指的键", en="mend the key named, see the contract language")


class BadSource(Invalid):
    """The source cannot be read."""

    code = "lake.bad-source"
    message = Text(zh="数据源无法读取：{reason}", en="The source cannot be read: {reason}")
    fix = Text(zh="检查文件是否完整、格式是否正确", en="check that the file is whole and of the right format")


class BadAddress(BadSource):
    """An address that may not be asked from here."""

    code = "lake.bad-address"
    message = Text(zh="不能从该地址取数：{reason}", en="Rows may not be fetched from this address: {reason}")
    fix = Text(
        zh="使用可公开解析的 https 地址；内网地址须由管理员以 HUTONG_LAKE_FETCH_PRIVATE 允许",
        en="use a public https address; an inner one must be allowed by HUTONG_LAKE_FETCH_PRIVATE",
    )


class NoSuchDatabase(NotFound):
    """A database of that name is not set up."""

    code = "lake.no-such-database"
    message = Text(zh="没有名为 {name} 的业务库", en="No database is called {name}")
    fix = Text(
        zh="从清单中选一个；清单由管理员在 databases.toml 中维护",
        en="choose one of the list, which the administrator keeps in databases.toml",
    )


class BadDatabases(Unavailable):
    """The list of databases cannot be read."""

    code = "lake.bad-databases"
    message = Text(zh="业务库清单有误：{reason}", en="The list of databases is wrong: {reason}")
    fix = Text(
        zh="由管理员改正 databases.toml，文件只许服务账号读写",
        en="the administrator corrects databases.toml, which only the server's user may read",
    )


class NotDecodable(BadSource):
    """Bytes that are no text in the source's encoding."""

    code = "lake.not-decodable"
    message = Text(
        zh="第 {line} 行有字节不是 {encoding} 编码的文字",
        en="Line {line} has bytes that are no text in {encoding}",
    )
    fix = Text(
        zh="用 UTF-8、GB18030 或 UTF-16 重新导出，或在契约中写明 source.encoding",
        en="export again as UTF-8, GB18030 or UTF-16, or name source.encoding in the contract",
    )


class Truncated(BadSource):
    """It ends in the middle."""

    code = "lake.truncated"
    message = Text(zh="文件不完整：在 {at} 处中断", en="The file ends in the middle, at {at}")
    fix = Text(zh="重新传输完整的文件", en="transfer the whole file again")


class NoHeader(BadSource):
    """No row has the contract's columns."""

    code = "lake.no-header"
    message = Text(
        zh="前 {looked} 行中没有找到表头；契约的列是 {columns}",
        en="No header row in the first {looked} rows; the contract's columns are {columns}",
    )
    fix = Text(
        zh="在文件首行写上这些列名；文件不能改的，在契约中用 from 写明文件中的列名，或用 source.header_row 写明行号",
        en="give the file a first row with these names; where it cannot be changed, write the file's names under "
        "from in the contract, or the row under source.header_row",
    )


class ColumnMissing(BadSource):
    """A required column is absent."""

    code = "lake.column-missing"
    message = Text(
        zh="缺少列 {column}；表头有 {headers}", en="Column {column} is absent; the header has {headers}"
    )
    fix = Text(
        zh="补上该列，或在契约中用 from 写明它在文件中的名字，或标为 optional",
        en="add it, give its name in the file under from, or mark it optional",
    )


class ColumnUnknown(BadSource):
    """A column that the contract does not name, where it refuses such."""

    code = "lake.column-unknown"
    message = Text(zh="契约中没有的列：{columns}", en="Columns that the contract does not name: {columns}")
    fix = Text(zh="删去这些列，或把它们写进契约", en="drop them or write them into the contract")


class FormulaCell(BadSource):
    """An Excel formula without a stored value."""

    code = "lake.formula-cell"
    message = Text(
        zh="单元格 {cell} 是公式且没有保存的结果：{formula}",
        en="Cell {cell} is a formula without a stored result: {formula}",
    )
    fix = Text(
        zh="在表格软件中打开并保存一次，或粘贴为数值",
        en="open and save it once in a spreadsheet program, or paste it as values",
    )


class UnknownFormat(BadSource):
    """Neither its name nor its content tell what it is."""

    code = "lake.unknown-format"
    message = Text(zh="无法识别 {name} 的格式（{seen}）", en="The format of {name} is not known ({seen})")
    fix = Text(
        zh="使用 CSV、xlsx、JSON、Parquet 或 GeoJSON（可经 gzip 压缩）；旧的 xls 请另存为 xlsx",
        en="use CSV, xlsx, JSON, Parquet or GeoJSON (gzip is fine); save an old xls as xlsx",
    )


class NothingLeft(BadSource):
    """No row keeps the contract."""

    code = "lake.nothing-left"
    message = Text(
        zh="{rows} 行全部不符合契约，未装载：{reasons}",
        en="None of {rows} rows keeps the contract: {reasons}",
    )
    fix = Text(
        zh="查看该次装载的隔离行，改数据或改契约", en="see the load's quarantined rows; mend data or contract"
    )


class SourceTooLarge(TooLarge):
    """It is larger than its bound."""

    code = "lake.too-large"
    message = Text(zh="{what} 超过上限 {limit}", en="{what} is over the limit of {limit}")
    fix = Text(zh="拆分后分批装载，或由管理员调高上限", en="load it in parts, or have the limit raised")


class BadQuery(Invalid):
    """A query is not one SELECT over the declared tables."""

    code = "lake.bad-query"
    message = Text(zh="查询不被允许：{reason}", en="The query is not allowed: {reason}")
    fix = Text(
        zh="只写一条 SELECT，只读声明过的表，不用文件函数",
        en="write one SELECT over declared tables only, without file functions",
    )


class BadLens(Invalid):
    """A mask or condition does not fit the table."""

    code = "lake.bad-lens"
    message = Text(zh="脱敏或筛选规则不适用：{reason}", en="The mask or condition does not fit: {reason}")
    fix = Text(
        zh="只用契约中有的列，脱敏方式与取值要符合列的类型",
        en="name columns of the contract only, with masks and values that fit their types",
    )


class NoSuchTable(NotFound):
    """There is no such table in the lake."""

    code = "lake.no-such-table"
    message = Text(zh="数据湖中没有表 {table}", en="There is no table {table} in the lake")
    fix = Text(zh="用 hutong lake tables 查看已有的表", en="see hutong lake tables")


class NoSuchSnapshot(NotFound):
    """There is no such snapshot."""

    code = "lake.no-such-snapshot"
    message = Text(zh="没有快照 {snapshot}", en="There is no snapshot {snapshot}")
    fix = Text(zh="用 hutong lake snapshots <表> 查看", en="see hutong lake snapshots TABLE")


class NoSuchLoad(NotFound):
    """There is no such load."""

    code = "lake.no-such-load"
    message = Text(zh="没有装载记录 {load}", en="There is no load {load}")


class LoadRunning(Conflict):
    """Another load of the same table is at work."""

    code = "lake.load-running"
    message = Text(zh="表 {table} 正在装载", en="Another load of {table} is at work")
    fix = Text(zh="等它结束后再试", en="try again when it has ended")


class QueryTooLong(Unavailable):
    """The query took longer than its bound."""

    code = "lake.query-too-long"
    message = Text(zh="查询超过 {seconds} 秒，已中止", en="The query was stopped after {seconds} seconds")
    fix = Text(zh="缩小范围或先汇总", en="narrow it or aggregate first")


class TooManyStreams(Unavailable):
    """As many bodies as allowed are on their way."""

    code = "lake.too-many-streams"
    message = Text(
        zh="正在传输的数据已达上限 {limit} 路", en="{limit} bodies are on their way, as many as allowed"
    )
    fix = Text(zh="稍后再试", en="try again in a while")


class SourceUnreachable(Unavailable):
    """An address or database does not answer."""

    code = "lake.source-unreachable"
    message = Text(
        zh="数据源 {address} 没有应答：{reason}", en="The source {address} does not answer: {reason}"
    )
    fix = Text(zh="检查地址、网络与账号", en="check the address, the network and the account")
