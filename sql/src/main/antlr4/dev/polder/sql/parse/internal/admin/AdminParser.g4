/* Statements about tenants, databases, principals, grants, policies, tokens, sessions and the audit
 * trail. The tokens come from the lexer that reads all statements; words that are no keyword here arrive
 * as WORD.
 */
parser grammar AdminParser;

tokens {
  WORD, QUOTED, STRING, NUMBER, OTHER,
  LEFT_PAREN, RIGHT_PAREN, COMMA, DOT, EQUALS, SIGN,
  ADD, ALL, ALTER, AND, API, AS, ASYNC, AT, AUDIT, AUDIT_DML, BACKUP, BACKUPS, BY, CASCADE, CLONE, CLUSTER, CLUSTERS, COLLECT, COLLECTED, COLUMN, CREATE, DATABASE, DATABASE_EDITOR, DATABASE_OWNER, DATABASE_READER, DEFAULT, DETACH, DIFF, DISABLE, DROP, DRY, ENABLE, EXISTS, EXPIRES, EXPORT, FILTER, FOR, FORCE, FROM, GRANT, GRANTS, GROUP, GROUPS, IDENTITY, IDLE_TIMEOUT, IF, IN, JOBS, KEY, KILL, LATEST, LIKE, LIMIT, LINEAGE, MASK, MATERIALIZE, MIRROR, MIRRORS, MODE, MOVE, NONE, NOSUPERUSER, NOT, OF, ON, OR, PASSWORD, POLICIES, PRIVILEGES, PROMOTE, PROVIDER, PROVIDERS, QUERY, QUOTA, REMOVE, RENAME, REPLACE, RESET, RESTORE, RESTRICT, REVOKE, ROLE, ROLES, ROW, RUN, SCHEMA, SESSION, SESSIONS, SET, SHOW, SOURCE, SOURCES, STATUS, SUPERUSER, SYNC, TABLE, TENANT, TENANTS, TIMESTAMP, TO, TOKEN, TOKENS, UNDROP, URL, USAGE, USER, USERS, USING, VERIFY, VERSION, VIEW, WHERE, WITH
}

statement
    : command EOF
    ;

command
    : CREATE TENANT ifNotExists? name                                          # createTenant
    | DROP TENANT ifExists? name                                               # dropTenant
    | ALTER TENANT name defaultDatabase                                        # alterTenant
    | SHOW TENANTS                                                             # showTenants
    | CREATE (OR REPLACE)? IDENTITY PROVIDER FOR TENANT name databaseOptions   # createIdentityProvider
    | DROP IDENTITY PROVIDER ifExists? FOR TENANT name                         # dropIdentityProvider
    | SHOW IDENTITY PROVIDERS                                                  # showIdentityProviders
    | CREATE DATABASE ifNotExists? name (FOR? TENANT tenant = name)? databaseOptions?  # createDatabase
    | DROP DATABASE ifExists? name (CASCADE | FORCE | RESTRICT)?               # dropDatabase
    | CLONE DATABASE ifNotExists? clone_ = name FROM source = name asOf?
        databaseOptions? (DRY RUN)?                                            # cloneDatabase
    | ALTER DATABASE name RENAME TO to = name                                  # renameDatabase
    | MIRROR DATABASE ifNotExists? mirror_ = name FROM (cluster = name DOT)? source = name
        (MODE EQUALS? (ASYNC | SYNC))? databaseOptions?                        # mirrorDatabase
    | ALTER DATABASE name PROMOTE                                              # promoteDatabase
    | ALTER DATABASE name DETACH MIRROR mirror_ = name                         # detachMirror
    | SHOW DATABASE MIRROR STATUS FOR name                                     # showMirrorStatus
    | CREATE CLUSTER ifNotExists? name databaseOptions                         # createCluster
    | ALTER CLUSTER name SET clusterSetting (COMMA clusterSetting)*            # alterCluster
    | DROP CLUSTER ifExists? name                                              # dropCluster
    | SHOW MIRRORS                                                             # showMirrors
    | SHOW CLUSTERS                                                            # showClusters
    | ALTER DATABASE name MATERIALIZE                                          # materializeDatabase
    | ALTER DATABASE database = name ADD TENANT ifNotExists? tenant = name     # addTenant
    | ALTER DATABASE database = name REMOVE TENANT ifExists? tenant = name     # removeTenant
    | ALTER DATABASE name SET IDLE_TIMEOUT EQUALS? NUMBER                      # setIdleTimeout
    | ALTER DATABASE name SET AUDIT_DML EQUALS? optionValue                    # setAuditDml
    | ALTER DATABASE name SET QUOTA optionList                                 # setDatabaseQuota
    | ALTER TENANT tenant = name IN DATABASE database = name
        SET QUOTA optionList                                                   # setTenantQuota
    | SHOW DATABASE (QUOTA | USAGE) FOR name                                   # showDatabaseQuota
    | SHOW TENANT (QUOTA | USAGE) FOR tenant = name IN DATABASE database = name  # showTenantQuota
    | RESET DATABASE name TO SOURCE                                            # resetDatabase
    | UNDROP DATABASE name                                                     # undropDatabase
    | BACKUP DATABASE name TO STRING                                           # backupDatabase
    | RESTORE DATABASE name FROM STRING FORCE? (DRY RUN)?                      # restoreDatabase
    | SHOW BACKUPS                                                             # showBackups
    | SHOW DATABASE LINEAGE FOR name                                           # showLineage
    | SHOW DATABASE DIFF left = name COMMA right = name                        # showDatabaseDiff
    | MOVE TENANT tenant = name FROM source = name TO destination = name
        databaseOptions?                                                       # moveTenant
    | CREATE USER ifNotExists? name userOption*                                # createUser
    | ALTER USER name userChange                                               # alterUser
    | DROP USER ifExists? name                                                 # dropUser
    | SHOW USERS ofTenant?                                                     # showUsers
    | CREATE ROLE ifNotExists? roleRef ofTenant?                               # createRole
    | DROP ROLE ifExists? roleRef ofTenant?                                    # dropRole
    | SHOW ROLES ofTenant?                                                     # showRoles
    | CREATE GROUP ifNotExists? name ofTenant?                                 # createGroup
    | DROP GROUP ifExists? name ofTenant?                                      # dropGroup
    | SHOW GROUPS ofTenant?                                                    # showGroups
    | ADD USER user = name TO GROUP group = name ofTenant?                     # addMember
    | REMOVE USER user = name FROM GROUP group = name ofTenant?                # removeMember
    | GRANT GROUP group = name ofTenant? TO USER user = name                   # grantGroup
    | REVOKE GROUP group = name ofTenant? FROM USER user = name                # revokeGroup
    | GRANT ROLE role = roleRef ofTenant? TO grantee                           # grantRole
    | REVOKE ROLE role = roleRef ofTenant? FROM grantee                        # revokeRole
    | GRANT databaseRole ON DATABASE name TO databaseGrantee                   # grantDatabase
    | REVOKE databaseRole ON DATABASE name FROM databaseGrantee                # revokeDatabase
    | GRANT privilege (COMMA privilege)* ON target ofTenant? TO grantee        # grant
    | REVOKE privilege (COMMA privilege)* ON target ofTenant? FROM grantee     # revoke
    | SHOW GRANTS ((FOR | OF) grantee)? ofTenant?                              # showGrants
    | CREATE (OR REPLACE)? ROW FILTER policy = name ON objectName
        (FOR ROLE role = roleRef)? USING expression                               # createRowFilter
    | DROP ROW FILTER ifExists? policy = name ON objectName                    # dropRowFilter
    | CREATE (OR REPLACE)? COLUMN MASK policy = name ON objectName
        LEFT_PAREN column = name RIGHT_PAREN
        (FOR ROLE role = roleRef)? USING expression                               # createColumnMask
    | DROP COLUMN MASK ifExists? policy = name ON objectName                   # dropColumnMask
    | SHOW POLICIES (ON objectName)?                                           # showPolicies
    | CREATE (TOKEN | API KEY) name (FOR USER user = name)? expiry?            # createToken
    | REVOKE (TOKEN | API KEY) identifier                                      # revokeToken
    | SHOW TOKENS ((FOR | OF) USER user = name)?                               # showTokens
    | SHOW SESSIONS (IN DATABASE name)?                                        # showSessions
    | SHOW SOURCES (IN DATABASE? name)?                                        # showSources
    | SHOW JOBS                                                                # showJobs
    | KILL (SESSION | QUERY)? identifier                                       # kill
    | SHOW AUDIT auditTrail? auditFilter? (LIMIT NUMBER)?              # showAudit
    | COLLECT DATABASE name DRY RUN                                            # collectDryRun
    | SHOW COLLECTED (IN DATABASE name)? (LIMIT NUMBER)?                       # showCollected
    | AUDIT VERIFY auditTrail?                                         # verifyAudit
    | AUDIT EXPORT auditTrail? auditFilter? (LIMIT NUMBER)?            # exportAudit
    ;

ifNotExists : IF NOT EXISTS ;

ifExists : IF EXISTS ;

ofTenant : (IN | OF)? TENANT name ;

// The other spellings of time travel arrive as AT.
asOf
    : AS OF LATEST                                                             # asOfLatest
    | AT LEFT_PAREN TIMESTAMP OTHER TIMESTAMP? STRING RIGHT_PAREN              # asOfTime
    | AT LEFT_PAREN TIMESTAMP OTHER NUMBER RIGHT_PAREN                         # asOfMillis
    | AT LEFT_PAREN VERSION OTHER NUMBER RIGHT_PAREN                           # asOfVersion
    ;

auditTrail : IN DATABASE (name | NUMBER) ;

auditFilter : WHERE auditCondition (AND auditCondition)* ;

auditCondition
    : name IN LEFT_PAREN literal (COMMA literal)* RIGHT_PAREN    # auditAmong
    | name LIKE STRING                                           # auditLike
    | name comparison = (EQUALS | OTHER) literal                 # auditCompared
    ;

literal : STRING | NUMBER ;

databaseOptions : WITH optionList ;

clusterSetting
    : (URL | TOKEN) EQUALS? STRING
    ;

optionList : LEFT_PAREN option (COMMA option)* RIGHT_PAREN ;

option : optionKey EQUALS optionValue ;

optionKey : STRING | name (DOT name)* ;

optionValue : STRING | SIGN? NUMBER | name ;

userOption
    : PASSWORD STRING      # userPassword
    | TENANT name          # userTenant
    | SUPERUSER            # userSuperuser
    ;

userChange
    : SET? PASSWORD STRING    # changePassword
    | ENABLE                  # enableUser
    | DISABLE                 # disableUser
    | SUPERUSER               # makeSuperuser
    | NOSUPERUSER             # unmakeSuperuser
    | defaultDatabase         # changeDefaultDatabase
    ;

defaultDatabase
    : SET DEFAULT DATABASE NONE    # noDefaultDatabase
    | SET DEFAULT DATABASE name    # namedDefaultDatabase
    | RESET DEFAULT DATABASE       # resetDefaultDatabase
    ;

databaseRole : DATABASE_READER | DATABASE_EDITOR | DATABASE_OWNER ;

databaseGrantee
    : grantee    # kindOfGrantee
    | name       # plainGrantee
    ;

privilege : (ALL PRIVILEGES? | CREATE | name) columnList? ;

columnList : LEFT_PAREN name (COMMA name)* RIGHT_PAREN ;

target
    : DATABASE name                  # databaseTarget
    | SCHEMA objectName              # schemaTarget
    | SOURCE name                    # sourceTarget
    | (TABLE | VIEW) objectName      # collectionTarget
    | objectName                     # namedTarget
    ;

grantee
    : USER name       # userGrantee
    | GROUP name      # groupGrantee
    | ROLE roleRef    # roleGrantee
    ;

// One that belongs to a database is named with it.
roleRef : (database = name DOT)? role = name ;

expiry
    : EXPIRES (IN | AT)? TIMESTAMP? STRING
    ;

identifier : STRING | NUMBER | name ;

expression : LEFT_PAREN balanced+ RIGHT_PAREN ;

balanced
    : LEFT_PAREN balanced* RIGHT_PAREN
    | ~(LEFT_PAREN | RIGHT_PAREN)
    ;

objectName : name (DOT name)* ;

name
    : WORD
    | QUOTED
    | nonReserved
    ;

nonReserved
    : ADD
    | ALTER
    | API
    | ASYNC
    | AT
    | AUDIT
    | AUDIT_DML
    | BACKUP
    | BACKUPS
    | BY
    | CASCADE
    | CLONE
    | CLUSTER
    | CLUSTERS
    | COLLECT
    | COLLECTED
    | COLUMN
    | DATABASE
    | DATABASE_EDITOR
    | DATABASE_OWNER
    | DATABASE_READER
    | DEFAULT
    | DETACH
    | DIFF
    | DISABLE
    | DROP
    | DRY
    | ENABLE
    | EXISTS
    | EXPIRES
    | EXPORT
    | FILTER
    | FORCE
    | GRANTS
    | GROUPS
    | IDENTITY
    | IDLE_TIMEOUT
    | IF
    | JOBS
    | KEY
    | KILL
    | LATEST
    | LINEAGE
    | MASK
    | MATERIALIZE
    | MIRROR
    | MIRRORS
    | MODE
    | MOVE
    | NONE
    | NOSUPERUSER
    | OF
    | PASSWORD
    | POLICIES
    | PRIVILEGES
    | PROMOTE
    | PROVIDER
    | PROVIDERS
    | QUERY
    | QUOTA
    | REMOVE
    | RENAME
    | REPLACE
    | RESET
    | RESTORE
    | RESTRICT
    | REVOKE
    | ROLE
    | ROLES
    | ROW
    | RUN
    | SCHEMA
    | SESSION
    | SESSIONS
    | SET
    | SHOW
    | SOURCE
    | SOURCES
    | STATUS
    | SUPERUSER
    | SYNC
    | TENANT
    | TENANTS
    | TIMESTAMP
    | TOKEN
    | TOKENS
    | UNDROP
    | URL
    | USAGE
    | USER
    | USERS
    | VERIFY
    | VERSION
    | VIEW
    ;
