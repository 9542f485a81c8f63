BEGIN TRANSACTION;
CREATE TABLE attempts (
	id INTEGER NOT NULL, 
	call INTEGER NOT NULL, 
	number INTEGER NOT NULL, 
	digest VARCHAR(64) NOT NULL, 
	result VARCHAR(20) NOT NULL, 
	came_from VARCHAR(20) NOT NULL, 
	started VARCHAR(40) NOT NULL, 
	started_monotonic FLOAT NOT NULL, 
	started_boot VARCHAR(80) NOT NULL, 
	ended VARCHAR(40), 
	answer TEXT, 
	method TEXT, 
	username TEXT, 
	system_user TEXT, 
	host TEXT, 
	endpoint TEXT, 
	response VARCHAR(64), 
	PRIMARY KEY (id), 
	CONSTRAINT one_attempt_a_number UNIQUE (call, number), 
	FOREIGN KEY(call) REFERENCES calls (id)
);
INSERT INTO "attempts" VALUES(1,1,1,'531641395a1428f23a940092c7e39e3fc26c37fee61343db2822e0c156de1cec','accepted','planned','2026-11-21T15:50:16.032+00:00',46017.651183183,'b55c3a93-7605-475f-b95f-0e2e074b3799','2026-11-21T15:50:16.067+00:00','inv1
Done.','SalesInvoiceImport','petr0','clerk','desk','http://127.0.0.1:8080/WebServicesCZ/API','1f16c8b04ddda69df46a09034e9d8cadb9c5330512f0d73d2e5822138c7cac04');
INSERT INTO "attempts" VALUES(2,2,1,'a3bc2d95859687e9f6cd35e7f9a33f74615c0b7d6a00c553e724eae9ab6a2a67','accepted','planned','2026-11-21T15:50:16.084+00:00',46017.702580623,'b55c3a93-7605-475f-b95f-0e2e074b3799','2026-11-21T15:50:16.107+00:00','box1
Done.','DocumentInboxImport','petr0','clerk','desk','http://127.0.0.1:8080/WebServicesCZ/API','235acc68500d55a3ce008ba4069cbf9f72b8682db1cf2522984a8254f1ed9ee2');
INSERT INTO "attempts" VALUES(3,3,1,'8bd9fe9c2ba28f16106ab97d8e9579bebb59a82753000d218ef1713bb28bfd73','accepted','planned','2026-11-21T15:50:16.118+00:00',46017.736589723,'b55c3a93-7605-475f-b95f-0e2e074b3799','2026-11-21T15:50:16.143+00:00','st1
Done.','BankStatementImport','petr0','clerk','desk','http://127.0.0.1:8080/WebServicesCZ/API','ac3e35daad65b1d86036c131d3cdddd6327d5f741f10c56d65e9cecc3e114cca');
INSERT INTO "attempts" VALUES(4,4,1,'8c9ba6f5be86066dd26d661b567feb813af2b96176817fb4665d395c8211f54c','unknown','planned','2026-11-21T15:50:16.172+00:00',46017.79133687,'b55c3a93-7605-475f-b95f-0e2e074b3799','2026-11-21T15:50:16.191+00:00',NULL,'BankStatementImport','petr0','clerk','desk','http://127.0.0.1:8080/WebServicesCZ/API',NULL);
INSERT INTO "attempts" VALUES(5,5,1,'00b9cfabcc773d6aca2db4753483891c5e9cf303adc3be3029305c0452cd20fb','accepted','planned','2026-11-21T15:50:16.221+00:00',46017.839977402,'b55c3a93-7605-475f-b95f-0e2e074b3799','2026-11-21T15:50:16.236+00:00','Product for code A successfully imported.','ProductMassImport','petr0','clerk','desk','http://127.0.0.1:8080/WebServicesCZ/API','372b7cf6f5c1afdc36b785ff23662131a6a0c7aeb0e39674c8ab7bde052888e0');
INSERT INTO "attempts" VALUES(6,6,1,'00b9cfabcc773d6aca2db4753483891c5e9cf303adc3be3029305c0452cd20fb','accepted','planned','2026-11-21T15:50:16.221+00:00',46017.839977402,'b55c3a93-7605-475f-b95f-0e2e074b3799','2026-11-21T15:50:16.236+00:00','Product for code B successfully imported.','ProductMassImport','petr0','clerk','desk','http://127.0.0.1:8080/WebServicesCZ/API','372b7cf6f5c1afdc36b785ff23662131a6a0c7aeb0e39674c8ab7bde052888e0');
CREATE TABLE calls (
	id INTEGER NOT NULL, 
	"key" TEXT NOT NULL, 
	revision INTEGER NOT NULL, 
	organization TEXT, 
	method TEXT NOT NULL, 
	number TEXT, 
	file_name TEXT, 
	digest VARCHAR(64) NOT NULL, 
	substance VARCHAR(64) NOT NULL, 
	body VARCHAR(64) DEFAULT '' NOT NULL, 
	repeat VARCHAR(20) NOT NULL, 
	overwrites BOOLEAN NOT NULL, 
	stage VARCHAR(20) NOT NULL, 
	sequence INTEGER NOT NULL, 
	attempt INTEGER NOT NULL, 
	sent INTEGER NOT NULL, 
	answer TEXT, 
	reason TEXT, 
	wording TEXT, 
	found BOOLEAN NOT NULL, 
	released BOOLEAN NOT NULL, 
	doubted BOOLEAN NOT NULL, 
	doubt_at VARCHAR(40), 
	doubt_monotonic FLOAT, 
	doubt_boot VARCHAR(80), 
	source_path TEXT, 
	source_sha256 VARCHAR(64), 
	created VARCHAR(40) NOT NULL, 
	changed VARCHAR(40) NOT NULL, 
	PRIMARY KEY (id), 
	CONSTRAINT one_row_a_revision UNIQUE ("key", revision)
);
INSERT INTO "calls" VALUES(1,'1|acme|SalesInvoiceImport|inv1',1,'acme','SalesInvoiceImport','inv1',NULL,'531641395a1428f23a940092c7e39e3fc26c37fee61343db2822e0c156de1cec','531641395a1428f23a940092c7e39e3fc26c37fee61343db2822e0c156de1cec','531641395a1428f23a940092c7e39e3fc26c37fee61343db2822e0c156de1cec','safe-by-key',0,'accepted',5,1,1,'inv1
Done.',NULL,NULL,0,0,0,NULL,NULL,NULL,'in/documents.xml','abababababababababababababababababababababababababababababababab','2026-11-21T15:50:16.016+00:00','2026-11-21T15:50:16.067+00:00');
INSERT INTO "calls" VALUES(2,'1|acme|DocumentInboxImport|box1',1,'acme','DocumentInboxImport','box1','box1','a3bc2d95859687e9f6cd35e7f9a33f74615c0b7d6a00c553e724eae9ab6a2a67','a3bc2d95859687e9f6cd35e7f9a33f74615c0b7d6a00c553e724eae9ab6a2a67','a3bc2d95859687e9f6cd35e7f9a33f74615c0b7d6a00c553e724eae9ab6a2a67','checkable',0,'accepted',5,1,1,'box1
Done.',NULL,NULL,0,0,0,NULL,NULL,NULL,'in/documents.xml','abababababababababababababababababababababababababababababababab','2026-11-21T15:50:16.016+00:00','2026-11-21T15:50:16.107+00:00');
INSERT INTO "calls" VALUES(3,'1|acme|BankStatementImport|st1',1,'acme','BankStatementImport','st1',NULL,'8bd9fe9c2ba28f16106ab97d8e9579bebb59a82753000d218ef1713bb28bfd73','8bd9fe9c2ba28f16106ab97d8e9579bebb59a82753000d218ef1713bb28bfd73','8bd9fe9c2ba28f16106ab97d8e9579bebb59a82753000d218ef1713bb28bfd73','blind',0,'accepted',5,1,1,'st1
Done.',NULL,NULL,0,0,0,NULL,NULL,NULL,'in/documents.xml','abababababababababababababababababababababababababababababababab','2026-11-21T15:50:16.016+00:00','2026-11-21T15:50:16.143+00:00');
INSERT INTO "calls" VALUES(4,'1|acme|BankStatementImport|st2',1,'acme','BankStatementImport','st2',NULL,'8c9ba6f5be86066dd26d661b567feb813af2b96176817fb4665d395c8211f54c','8c9ba6f5be86066dd26d661b567feb813af2b96176817fb4665d395c8211f54c','8c9ba6f5be86066dd26d661b567feb813af2b96176817fb4665d395c8211f54c','blind',0,'held',6,1,1,NULL,'It may have arrived, and the service has no way to ask. Look into the books; then use `efimport journal resolve 4 --arrived` or `--not-arrived`.','{"template":"It may have arrived, and the service has no way to ask. Look into the books; then use `efimport journal resolve {number} --arrived` or `--not-arrived`.","arguments":{"number":"4"}}',0,0,1,'2026-11-21T15:50:16.191+00:00',46017.810450801,'b55c3a93-7605-475f-b95f-0e2e074b3799','in/documents.xml','abababababababababababababababababababababababababababababababab','2026-11-21T15:50:16.016+00:00','2026-11-21T15:50:16.205+00:00');
INSERT INTO "calls" VALUES(5,'1|acme|ProductImport|A',1,'acme','ProductMassImport','A',NULL,'ce627ac554bf0a195a7820d4e8149bfff346705ec9f196f85ac6cf5317484a7b','ce627ac554bf0a195a7820d4e8149bfff346705ec9f196f85ac6cf5317484a7b','00b9cfabcc773d6aca2db4753483891c5e9cf303adc3be3029305c0452cd20fb','safe-by-key',0,'accepted',5,1,1,'Product for code A successfully imported.',NULL,NULL,0,0,0,NULL,NULL,NULL,'in/documents.xml','abababababababababababababababababababababababababababababababab','2026-11-21T15:50:16.016+00:00','2026-11-21T15:50:16.236+00:00');
INSERT INTO "calls" VALUES(6,'1|acme|ProductImport|B',1,'acme','ProductMassImport','B',NULL,'b1571b8a4e8f896a0eec6f1a17fc9bf37233947f99438e5eb725ea2286c581d3','b1571b8a4e8f896a0eec6f1a17fc9bf37233947f99438e5eb725ea2286c581d3','00b9cfabcc773d6aca2db4753483891c5e9cf303adc3be3029305c0452cd20fb','safe-by-key',0,'accepted',5,1,1,'Product for code B successfully imported.',NULL,NULL,0,0,0,NULL,NULL,NULL,'in/documents.xml','abababababababababababababababababababababababababababababababab','2026-11-21T15:50:16.016+00:00','2026-11-21T15:50:16.236+00:00');
CREATE TABLE meta (
	name VARCHAR(40) NOT NULL, 
	value TEXT NOT NULL, 
	PRIMARY KEY (name)
);
INSERT INTO "meta" VALUES('schema','3');
CREATE TABLE responses (
	digest VARCHAR(64) NOT NULL, 
	content TEXT NOT NULL, 
	PRIMARY KEY (digest)
);
INSERT INTO "responses" VALUES('1f16c8b04ddda69df46a09034e9d8cadb9c5330512f0d73d2e5822138c7cac04','<response status="ok"><number>inv1</number><message>Done.</message></response>');
INSERT INTO "responses" VALUES('235acc68500d55a3ce008ba4069cbf9f72b8682db1cf2522984a8254f1ed9ee2','<response status="ok"><number>box1</number><message>Done.</message></response>');
INSERT INTO "responses" VALUES('ac3e35daad65b1d86036c131d3cdddd6327d5f741f10c56d65e9cecc3e114cca','<response status="ok"><number>st1</number><message>Done.</message></response>');
INSERT INTO "responses" VALUES('372b7cf6f5c1afdc36b785ff23662131a6a0c7aeb0e39674c8ab7bde052888e0','<response status="ok"><message>Product for code A successfully imported.</message><message>Product for code B successfully imported.</message></response>');
CREATE TABLE transitions (
	id INTEGER NOT NULL, 
	call INTEGER NOT NULL, 
	sequence INTEGER NOT NULL, 
	start VARCHAR(20), 
	"end" VARCHAR(20) NOT NULL, 
	attempt INTEGER NOT NULL, 
	"by" TEXT NOT NULL, 
	reason TEXT, 
	wording TEXT, 
	at VARCHAR(40) NOT NULL, 
	monotonic FLOAT NOT NULL, 
	boot VARCHAR(80) NOT NULL, 
	PRIMARY KEY (id), 
	CONSTRAINT one_transition_a_step UNIQUE (call, sequence), 
	FOREIGN KEY(call) REFERENCES calls (id)
);
INSERT INTO "transitions" VALUES(1,1,1,NULL,'seen',0,'program',NULL,NULL,'2026-11-21T15:50:16.016+00:00',46017.635465424,'b55c3a93-7605-475f-b95f-0e2e074b3799');
INSERT INTO "transitions" VALUES(2,1,2,'seen','read',0,'program',NULL,NULL,'2026-11-21T15:50:16.016+00:00',46017.635465424,'b55c3a93-7605-475f-b95f-0e2e074b3799');
INSERT INTO "transitions" VALUES(3,1,3,'read','planned',0,'program',NULL,NULL,'2026-11-21T15:50:16.016+00:00',46017.635465424,'b55c3a93-7605-475f-b95f-0e2e074b3799');
INSERT INTO "transitions" VALUES(4,2,1,NULL,'seen',0,'program',NULL,NULL,'2026-11-21T15:50:16.016+00:00',46017.635465424,'b55c3a93-7605-475f-b95f-0e2e074b3799');
INSERT INTO "transitions" VALUES(5,2,2,'seen','read',0,'program',NULL,NULL,'2026-11-21T15:50:16.016+00:00',46017.635465424,'b55c3a93-7605-475f-b95f-0e2e074b3799');
INSERT INTO "transitions" VALUES(6,2,3,'read','planned',0,'program',NULL,NULL,'2026-11-21T15:50:16.016+00:00',46017.635465424,'b55c3a93-7605-475f-b95f-0e2e074b3799');
INSERT INTO "transitions" VALUES(7,3,1,NULL,'seen',0,'program',NULL,NULL,'2026-11-21T15:50:16.016+00:00',46017.635465424,'b55c3a93-7605-475f-b95f-0e2e074b3799');
INSERT INTO "transitions" VALUES(8,3,2,'seen','read',0,'program',NULL,NULL,'2026-11-21T15:50:16.016+00:00',46017.635465424,'b55c3a93-7605-475f-b95f-0e2e074b3799');
INSERT INTO "transitions" VALUES(9,3,3,'read','planned',0,'program',NULL,NULL,'2026-11-21T15:50:16.016+00:00',46017.635465424,'b55c3a93-7605-475f-b95f-0e2e074b3799');
INSERT INTO "transitions" VALUES(10,4,1,NULL,'seen',0,'program',NULL,NULL,'2026-11-21T15:50:16.016+00:00',46017.635465424,'b55c3a93-7605-475f-b95f-0e2e074b3799');
INSERT INTO "transitions" VALUES(11,4,2,'seen','read',0,'program',NULL,NULL,'2026-11-21T15:50:16.016+00:00',46017.635465424,'b55c3a93-7605-475f-b95f-0e2e074b3799');
INSERT INTO "transitions" VALUES(12,4,3,'read','planned',0,'program',NULL,NULL,'2026-11-21T15:50:16.016+00:00',46017.635465424,'b55c3a93-7605-475f-b95f-0e2e074b3799');
INSERT INTO "transitions" VALUES(13,5,1,NULL,'seen',0,'program',NULL,NULL,'2026-11-21T15:50:16.016+00:00',46017.635465424,'b55c3a93-7605-475f-b95f-0e2e074b3799');
INSERT INTO "transitions" VALUES(14,5,2,'seen','read',0,'program',NULL,NULL,'2026-11-21T15:50:16.016+00:00',46017.635465424,'b55c3a93-7605-475f-b95f-0e2e074b3799');
INSERT INTO "transitions" VALUES(15,5,3,'read','planned',0,'program',NULL,NULL,'2026-11-21T15:50:16.016+00:00',46017.635465424,'b55c3a93-7605-475f-b95f-0e2e074b3799');
INSERT INTO "transitions" VALUES(16,6,1,NULL,'seen',0,'program',NULL,NULL,'2026-11-21T15:50:16.016+00:00',46017.635465424,'b55c3a93-7605-475f-b95f-0e2e074b3799');
INSERT INTO "transitions" VALUES(17,6,2,'seen','read',0,'program',NULL,NULL,'2026-11-21T15:50:16.016+00:00',46017.635465424,'b55c3a93-7605-475f-b95f-0e2e074b3799');
INSERT INTO "transitions" VALUES(18,6,3,'read','planned',0,'program',NULL,NULL,'2026-11-21T15:50:16.016+00:00',46017.635465424,'b55c3a93-7605-475f-b95f-0e2e074b3799');
INSERT INTO "transitions" VALUES(19,1,4,'planned','sending',1,'program',NULL,NULL,'2026-11-21T15:50:16.032+00:00',46017.651183183,'b55c3a93-7605-475f-b95f-0e2e074b3799');
INSERT INTO "transitions" VALUES(20,1,5,'sending','accepted',1,'program',NULL,NULL,'2026-11-21T15:50:16.067+00:00',46017.685934176,'b55c3a93-7605-475f-b95f-0e2e074b3799');
INSERT INTO "transitions" VALUES(21,2,4,'planned','sending',1,'program',NULL,NULL,'2026-11-21T15:50:16.084+00:00',46017.702580623,'b55c3a93-7605-475f-b95f-0e2e074b3799');
INSERT INTO "transitions" VALUES(22,2,5,'sending','accepted',1,'program',NULL,NULL,'2026-11-21T15:50:16.107+00:00',46017.726512239,'b55c3a93-7605-475f-b95f-0e2e074b3799');
INSERT INTO "transitions" VALUES(23,3,4,'planned','sending',1,'program',NULL,NULL,'2026-11-21T15:50:16.118+00:00',46017.736589723,'b55c3a93-7605-475f-b95f-0e2e074b3799');
INSERT INTO "transitions" VALUES(24,3,5,'sending','accepted',1,'program',NULL,NULL,'2026-11-21T15:50:16.143+00:00',46017.762453198,'b55c3a93-7605-475f-b95f-0e2e074b3799');
INSERT INTO "transitions" VALUES(25,4,4,'planned','sending',1,'program',NULL,NULL,'2026-11-21T15:50:16.172+00:00',46017.79133687,'b55c3a93-7605-475f-b95f-0e2e074b3799');
INSERT INTO "transitions" VALUES(26,4,5,'sending','unknown',1,'program','The connection broke after the request had begun: RemoteProtocolError Server disconnected without sending a response. The request may have arrived; its outcome has to be looked up.','{"template":"{why} {remedy}","arguments":{"why":{"template":"The connection broke after the request had begun: {error}","arguments":{"error":"RemoteProtocolError Server disconnected without sending a response."}},"remedy":{"template":"The request may have arrived; its outcome has to be looked up.","arguments":{}}}}','2026-11-21T15:50:16.191+00:00',46017.810450801,'b55c3a93-7605-475f-b95f-0e2e074b3799');
INSERT INTO "transitions" VALUES(27,4,6,'unknown','held',1,'program','It may have arrived, and the service has no way to ask. Look into the books; then use `efimport journal resolve 4 --arrived` or `--not-arrived`.','{"template":"It may have arrived, and the service has no way to ask. Look into the books; then use `efimport journal resolve {number} --arrived` or `--not-arrived`.","arguments":{"number":"4"}}','2026-11-21T15:50:16.205+00:00',46017.824313355,'b55c3a93-7605-475f-b95f-0e2e074b3799');
INSERT INTO "transitions" VALUES(28,5,4,'planned','sending',1,'program',NULL,NULL,'2026-11-21T15:50:16.221+00:00',46017.839977402,'b55c3a93-7605-475f-b95f-0e2e074b3799');
INSERT INTO "transitions" VALUES(29,6,4,'planned','sending',1,'program',NULL,NULL,'2026-11-21T15:50:16.221+00:00',46017.839977402,'b55c3a93-7605-475f-b95f-0e2e074b3799');
INSERT INTO "transitions" VALUES(30,5,5,'sending','accepted',1,'program',NULL,NULL,'2026-11-21T15:50:16.236+00:00',46017.854537975,'b55c3a93-7605-475f-b95f-0e2e074b3799');
INSERT INTO "transitions" VALUES(31,6,5,'sending','accepted',1,'program',NULL,NULL,'2026-11-21T15:50:16.236+00:00',46017.854537975,'b55c3a93-7605-475f-b95f-0e2e074b3799');
CREATE UNIQUE INDEX one_open_revision ON calls ("key") WHERE stage NOT IN ('accepted', 'filed');
CREATE INDEX ix_calls_body ON calls (body);
CREATE INDEX ix_calls_stage ON calls (stage);
CREATE INDEX ix_calls_digest ON calls (digest);
CREATE UNIQUE INDEX one_attempt_under_way ON attempts (call) WHERE result = 'sending';
COMMIT;
