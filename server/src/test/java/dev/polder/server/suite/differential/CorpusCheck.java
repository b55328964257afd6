package dev.polder.server.suite.differential;
import dev.polder.server.suite.Answer;
class CorpusCheck {
  public static void main(String[] a) throws Exception {
    try (BareDuck d = new BareDuck("suite", Corpus.tables("duckdb"))) {
      int n=0, bad=0;
      for (Question q : Corpus.questions()) {
        n++;
        try { Answer x = d.ask(q); if (a.length>0 && q.file().equals(a[0])) System.out.println(q+" ordered="+q.ordered()+" "+x.rows().size()+" "+x.rows().stream().limit(3).toList()); if (x.rows().isEmpty()) System.out.println("EMPTY "+q); }
        catch (Throwable e) { bad++; System.out.println("BAD "+q+"\n   "+e.getMessage().lines().limit(3).toList()); }
      }
      System.out.println(n+" "+bad);
    }
  }
}
